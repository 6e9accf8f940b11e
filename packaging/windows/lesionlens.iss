; The installer for Windows, made with Inno Setup 6: iscc /DVersion=0.1.0 packaging\windows\lesionlens.iss
; For this user without questions of the administrator, or for everybody (/ALLUSERS); silent with /VERYSILENT.
; Uninstalling takes the program away and leaves the data: they lie elsewhere, in the user's own folder.

#ifndef Version
  #error Call with /DVersion=...
#endif
#define Root AddBackslash(SourcePath) + "..\.."

[Setup]
AppId={{6B0C36C4-5E5B-4D0E-9C67-0C3A2C9A5A1B}
AppName=LesionLens
AppVersion={#Version}
AppPublisher=The LesionLens project
VersionInfoVersion={#Version}
DefaultDirName={autopf}\LesionLens
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
SetupIconFile={#Root}\resources\icons\lesionlens.ico
UninstallDisplayIcon={app}\LesionLens.exe
LicenseFile={#Root}\LICENSE
OutputDir={#Root}\dist\installers
OutputBaseFilename=LesionLens-{#Version}-windows-x86_64-setup
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
ChangesAssociations=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[InstallDelete]
; An upgrade leaves no library of the old version behind.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Root}\dist\LesionLens\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{autoprograms}\LesionLens"; Filename: "{app}\LesionLens.exe"

[Registry]
; "Open with" offers LesionLens for these; what opens them by double-click stays as it is.
#define Kind(str Extension) \
  "Root: HKA; Subkey: ""Software\Classes\Applications\LesionLens.exe\SupportedTypes""; ValueType: string; ValueName: """ + Extension + """; ValueData: """"; Flags: uninsdeletekey"
Root: HKA; Subkey: "Software\Classes\Applications\LesionLens.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "LesionLens"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\LesionLens.exe\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\LesionLens.exe"" ""%1"""
#emit Kind(".jpg")
#emit Kind(".jpeg")
#emit Kind(".png")
#emit Kind(".tif")
#emit Kind(".tiff")
#emit Kind(".bmp")
#emit Kind(".webp")
#emit Kind(".heic")
#emit Kind(".heif")
#emit Kind(".avif")
#emit Kind(".jp2")
#emit Kind(".j2k")
#emit Kind(".jls")
#emit Kind(".dcm")

[Run]
Filename: "{app}\LesionLens.exe"; Description: "{cm:LaunchProgram,LesionLens}"; Flags: nowait postinstall skipifsilent
