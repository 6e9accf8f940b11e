PRAGMA application_id = 1280075118;
PRAGMA user_version = 16;
BEGIN TRANSACTION;
CREATE TABLE adjustment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        prediction INTEGER NOT NULL REFERENCES prediction (id),
        age_band TEXT NOT NULL,        -- these three: '' where it was not given
        sex TEXT NOT NULL,
        site TEXT NOT NULL,
        with_context TEXT,             -- JSON: label id to probability; null where nothing of the patient counted
        raised TEXT NOT NULL,          -- JSON: ids of the alerts that the image alone did not raise
        prior TEXT,                    -- JSON: label id to share; null where the practice had no prior of its own
        for_prior TEXT,                -- JSON: label id to probability
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "adjustment" VALUES(1,3,'60-69','female','','{"nevus":0.9}','[]',NULL,NULL,'MK','2026-11-23T09:16:00.000000+00:00');
CREATE TABLE alignment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        first INTEGER NOT NULL REFERENCES image (id),
        second INTEGER NOT NULL REFERENCES image (id),
        a REAL NOT NULL,               -- (x, y) of the first is (a x - b y + across, b x + a y + down) of the second, in pixels
        b REAL NOT NULL,
        across REAL NOT NULL,
        down REAL NOT NULL,
        method INTEGER,                -- the version of the registration that found it; null where it was set by hand
        agreeing INTEGER,              -- of how many parts: its quality; null where it was set by hand
        parts INTEGER,
        initials TEXT NOT NULL, time TEXT NOT NULL,
        CHECK (a * a + b * b > 0 AND (method IS NULL) = (agreeing IS NULL) AND (method IS NULL) = (parts IS NULL))) STRICT;
INSERT INTO "alignment" VALUES(1,3,1,0.5,0.25,20.0,10.0,1,21,30,'MK','2026-11-23T09:19:00.000000+00:00');
CREATE TABLE "assessment" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        image INTEGER REFERENCES image (id),
        before_model INTEGER NOT NULL CHECK (before_model IN (0, 1)),
        diagnosis TEXT NOT NULL,
        label TEXT,                    -- the label that the clinician mapped the diagnosis to, if any
        confidence TEXT NOT NULL,
        plan TEXT NOT NULL,
        plan_date TEXT,
        note TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL, outcomes_before INTEGER, change TEXT CHECK (change IN ('changed', 'unchanged', 'cannot tell')),
        CHECK ((lesion IS NULL) = (visit IS NULL) AND (lesion IS NULL) <> (image IS NULL))) STRICT;
INSERT INTO "assessment" VALUES(1,1,1,NULL,1,'nevus',NULL,'','biopsy or excision',NULL,'','MK','2026-11-23T09:13:00.000000+00:00',0,'changed');
CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        action TEXT NOT NULL,          -- an id of `audit.Action`
        patient INTEGER,
        image INTEGER,
        detail TEXT NOT NULL,          -- JSON: what matters of the act; never a name or a path
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "audit" VALUES(1,'step recorded',1,NULL,'{"step":"biopsy taken","person":"MK"}','MK','2026-11-23T09:15:00.000000+00:00');
INSERT INTO "audit" VALUES(2,'patient opened',1,NULL,'{}','MK','2026-11-23T09:18:00.000000+00:00');
CREATE TABLE "batch_end" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL REFERENCES batch_run (id),
        state TEXT NOT NULL CHECK (state IN ('finished', 'cancelled')),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "batch_end" VALUES(1,1,'finished','MK','2026-11-23T09:07:00.000000+00:00');
CREATE TABLE "batch_row" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL REFERENCES batch_run (id),
        path BLOB NOT NULL,
        message TEXT NOT NULL,         -- why there is no answer; '' where there is one
        sha256 TEXT,
        format TEXT,
        width INTEGER,
        height INTEGER,
        byte_size INTEGER,
        
    probabilities TEXT,          -- JSON: label id to probability, in the order of the model's labels
    top TEXT,                    -- id of the most probable label, also where the model abstains
    top_probability REAL,
    malignant_probability REAL,        -- null where the model calls no label malignant
    flags TEXT,                  -- JSON: ids of the raised flags
    abstention TEXT,                   -- the reason, null where the model answers
    kind_uncertain INTEGER,
    quality TEXT,                      -- JSON; null where it was not measured
    novelty REAL,                      -- null where the model measures none

        initials TEXT NOT NULL, time TEXT NOT NULL,
        UNIQUE (run, path),
        CHECK ((message = '') = (probabilities IS NOT NULL))) STRICT;
INSERT INTO "batch_row" VALUES(1,1,X'2F62617463682F676F6F642E706E67','','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','PNG',640,480,1000,'{"actinic_keratosis":0.1111111111111111,"basal_cell_carcinoma":0.1111111111111111,"dermatofibroma":0.1111111111111111,"melanoma":0.1111111111111111,"nevus":0.1111111111111111,"pigmented_benign_keratosis":0.1111111111111111,"seborrheic_keratosis":0.1111111111111111,"squamous_cell_carcinoma":0.1111111111111111,"vascular_lesion":0.1111111111111111}','melanoma',1.11111111111111104943e-01,3.33333333333333314829e-01,'[]',NULL,0,NULL,0.5,'MK','2026-11-23T09:06:00.000000+00:00');
CREATE TABLE "batch_run" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        folder BLOB NOT NULL,
        files INTEGER NOT NULL,        -- how many were found when it began
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL, working_points TEXT NOT NULL DEFAULT '{}') STRICT;
INSERT INTO "batch_run" VALUES(1,X'2F6261746368',1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,'0.1.0','MK','2026-11-23T09:05:00.000000+00:00','{}');
CREATE TABLE "batch_shown" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "batch_shown" VALUES(1,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','MK','2026-11-23T09:08:00.000000+00:00');
CREATE TABLE "binning" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL CHECK (subject IN (
            'patient', 'lesion', 'visit', 'image', 'prediction', 'assessment', 'outcome', 'batch_run')),
        subject_id INTEGER NOT NULL,
        binned INTEGER NOT NULL CHECK (binned IN (0, 1)),
        initials TEXT NOT NULL, time TEXT NOT NULL, reason TEXT CHECK (reason IN ('wrong lesion', 'wrong patient', 'wrong finding'))) STRICT;
INSERT INTO "binning" VALUES(1,'prediction',1,1,'MK','2026-11-23T09:03:00.000000+00:00',NULL);
INSERT INTO "binning" VALUES(2,'outcome',2,1,'MK','2026-11-23T09:23:00.000000+00:00','wrong lesion');
CREATE TABLE care_step (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        step TEXT NOT NULL CHECK (step IN (
            'biopsy taken', 'patient told', 'plan closed', 'alert closed', 'telling closed', 'fits')),
        assessment INTEGER REFERENCES assessment (id),  -- one of these three
        prediction INTEGER REFERENCES prediction (id),
        outcome INTEGER REFERENCES outcome (id),
        day TEXT,                      -- null where the step was taken back
        person TEXT NOT NULL,          -- the initials of whoever did it
        note TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL,
        CHECK ((assessment IS NOT NULL) + (prediction IS NOT NULL) + (outcome IS NOT NULL) = 1)) STRICT;
INSERT INTO "care_step" VALUES(1,'biopsy taken',1,NULL,NULL,'2026-11-23','MK','punch, 4 mm','MK','2026-11-23T09:14:00.000000+00:00');
CREATE TABLE "disclosure" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        prediction INTEGER NOT NULL REFERENCES prediction (id),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        reason TEXT NOT NULL CHECK (reason IN ('without own view', 'despite abstention')),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "disclosure" VALUES(1,2,NULL,NULL,'despite abstention','AB','2026-11-23T09:04:00.000000+00:00');
CREATE TABLE erased (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        erasure INTEGER NOT NULL REFERENCES erasure (id),
        subject TEXT NOT NULL CHECK (subject IN ('patient', 'lesion', 'visit', 'image')),
        subject_id INTEGER NOT NULL,
        mark TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
CREATE TABLE erasing (subject TEXT NOT NULL, subject_id INTEGER NOT NULL) STRICT;
CREATE TABLE "erasure" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL CHECK (subject IN ('patient', 'image')),
        images INTEGER NOT NULL,       -- how many were erased with it
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
CREATE TABLE erasure_left (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT                    -- of an image whose files are there; null for what deleted rows leave in files
    ) STRICT;
CREATE TABLE "image" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
        name TEXT NOT NULL,
        searched_name TEXT NOT NULL,   -- the name as it is searched: normalised and case-folded
        format TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        byte_size INTEGER NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image" VALUES(1,'79f1011a645e9640b1a39cf98e41fe2ed78b8a782dfd9ad16e96552f2694f9b4','binned.jpg','binned.jpg','JPEG',600,450,12345,'MK','2026-11-23T09:00:00.000000+00:00');
INSERT INTO "image" VALUES(2,'97a505181b86c7db848a288c0828778a8e65923b9faa9f910e2eefb069535685','disclosed.jpg','disclosed.jpg','JPEG',600,450,12345,'MK','2026-11-23T09:01:00.000000+00:00');
INSERT INTO "image" VALUES(3,'1c1aa07d2d9925c137170ffa48f48d8865af632068a07747c244448b44699cd4','plain.jpg','plain.jpg','JPEG',600,450,12345,'MK','2026-11-23T09:02:00.000000+00:00');
CREATE TABLE "image_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        kind TEXT NOT NULL CHECK (kind IN ('dermoscopy', 'clinical', 'other')),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image_detail" VALUES(1,3,'dermoscopy',1,1,'MK','2026-11-23T09:12:00.000000+00:00');
CREATE TABLE "image_place" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        stored INTEGER NOT NULL CHECK (stored IN (0, 1)),
        path BLOB NOT NULL,            -- of a stored image: relative to the data folder, with forward slashes
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image_place" VALUES(1,1,0,X'2F696D616765732F62696E6E65642E6A7067','MK','2026-11-23T09:00:00.000000+00:00');
INSERT INTO "image_place" VALUES(2,2,0,X'2F696D616765732F646973636C6F7365642E6A7067','MK','2026-11-23T09:01:00.000000+00:00');
INSERT INTO "image_place" VALUES(3,3,0,X'2F696D616765732F706C61696E2E6A7067','MK','2026-11-23T09:02:00.000000+00:00');
CREATE TABLE "image_scale" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        mm_per_pixel REAL CHECK (mm_per_pixel > 0),   -- null where the scale was taken away again
        device TEXT NOT NULL,          -- whose scale it is, '' where it was measured on the image itself
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:20:00.000000+00:00');
CREATE TABLE "lesion" (id INTEGER PRIMARY KEY AUTOINCREMENT, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "lesion" VALUES(1,'MK','2026-11-23T09:11:00.000000+00:00');
CREATE TABLE "lesion_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        name TEXT NOT NULL,
        site TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL, pin_x REAL CHECK (pin_x BETWEEN 0 AND 1), pin_y REAL CHECK ((pin_x IS NULL) = (pin_y IS NULL) AND pin_y BETWEEN 0 AND 1)) STRICT;
INSERT INTO "lesion_detail" VALUES(1,1,1,'L1','scapula-left','MK','2026-11-23T09:11:00.000000+00:00',0.375,0.25);
CREATE TABLE model (sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), name TEXT NOT NULL, contract TEXT NOT NULL, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "model" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Test model','{"version":1,"name":"Test model","date":"2026-11-23","intended_use":"demonstration","licence":"Apache-2.0","labels":[{"id":"actinic_keratosis","name":"Actinic keratosis","malignancy":"precursor","remark":""},{"id":"basal_cell_carcinoma","name":"Basal cell carcinoma","malignancy":"malignant","remark":""},{"id":"dermatofibroma","name":"Dermatofibroma","malignancy":"benign","remark":""},{"id":"melanoma","name":"Melanoma","malignancy":"malignant","remark":""},{"id":"nevus","name":"Nevus","malignancy":"benign","remark":""},{"id":"pigmented_benign_keratosis","name":"Pigmented benign keratosis","malignancy":"benign","remark":""},{"id":"seborrheic_keratosis","name":"Seborrheic keratosis","malignancy":"benign","remark":""},{"id":"squamous_cell_carcinoma","name":"Squamous cell carcinoma","malignancy":"malignant","remark":""},{"id":"vascular_lesion","name":"Vascular lesion","malignancy":"benign","remark":""}],"input_size":32,"fit":"stretch","preprocessing_version":1,"architecture":{"name":"mean colour","parameters":36,"layers":[{"name":"probabilities","kind":"Dense","output_shape":[9],"parameters":36}]},"training_data":{"sources":["drawn"],"licence":"Apache-2.0","fingerprint":"0000000000000000000000000000000000000000000000000000000000000000","label_counts":{"actinic_keratosis":1,"basal_cell_carcinoma":1,"dermatofibroma":1,"melanoma":1,"nevus":1,"pigmented_benign_keratosis":1,"seborrheic_keratosis":1,"squamous_cell_carcinoma":1,"vascular_lesion":1}},"groups":[],"flags":[],"novelty_threshold":null,"certainty_threshold":null,"calibration_mix":null,"figures":[],"effective_resolution":null,"quality":null,"certainty_test":null,"novelty_test":null,"reliability":[],"recalls":[],"limits":[],"alerts":[],"prior_test":null,"context":null,"outline":null,"recalibration":null}','MK','2026-11-23T09:00:00.000000+00:00');
CREATE TABLE origin (id TEXT PRIMARY KEY, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "origin" VALUES('9b40d339de1b8da6e6586c987bde6152','','2026-11-28T22:27:35.835000+00:00');
CREATE TABLE "outcome" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        lesion INTEGER REFERENCES lesion (id),
        image INTEGER REFERENCES image (id),
        kind TEXT NOT NULL CHECK (kind IN ('histopathology', 'follow-up')),
        diagnosis TEXT NOT NULL,
        label TEXT,
        breslow_mm REAL,
        date TEXT NOT NULL,
        note TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL, ulceration TEXT CHECK (ulceration IN ('absent', 'present')), margins TEXT CHECK (margins IN ('clear', 'involved', 'not assessable')), laboratory_number TEXT,
        CHECK ((lesion IS NULL) <> (image IS NULL))) STRICT;
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:21:00.000000+00:00','absent','clear','H 26-1234');
INSERT INTO "outcome" VALUES(2,1,NULL,'histopathology','melanoma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:22:00.000000+00:00',NULL,NULL,NULL);
CREATE TABLE "patient" (id INTEGER PRIMARY KEY AUTOINCREMENT, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "patient" VALUES(1,'MK','2026-11-23T09:09:00.000000+00:00');
CREATE TABLE "patient_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        patient INTEGER NOT NULL REFERENCES patient (id),
        pseudonym TEXT NOT NULL,
        sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
        initials TEXT NOT NULL, time TEXT NOT NULL, skin_type TEXT NOT NULL DEFAULT ''
        CHECK (skin_type IN ('', 'I', 'II', 'III', 'IV', 'V', 'VI')), own_melanoma TEXT CHECK (own_melanoma IN ('no', 'yes')), family_melanoma TEXT CHECK (family_melanoma IN ('no', 'yes')), immunosuppressed TEXT CHECK (immunosuppressed IN ('no', 'yes')), naevi TEXT CHECK (naevi IN ('under 50', '50 to 100', 'over 100'))) STRICT;
INSERT INTO "patient_detail" VALUES(1,1,'P-0412','female','MK','2026-11-23T09:09:00.000000+00:00','II',NULL,NULL,NULL,NULL);
CREATE TABLE "prediction" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        region TEXT NOT NULL,          -- 'left,top,right,bottom' in pixels of the upright image, '' for the whole of it
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        
    probabilities TEXT NOT NULL,          -- JSON: label id to probability, in the order of the model's labels
    top TEXT NOT NULL,                    -- id of the most probable label, also where the model abstains
    top_probability REAL NOT NULL,
    malignant_probability REAL,        -- null where the model calls no label malignant
    flags TEXT NOT NULL,                  -- JSON: ids of the raised flags
    abstention TEXT,                   -- the reason, null where the model answers
    kind_uncertain INTEGER NOT NULL,
    quality TEXT,                      -- JSON; null where it was not measured
    novelty REAL,                      -- null where the model measures none

        app_version TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL,
        working_points TEXT NOT NULL,  -- JSON: alert id to the sensitivity that it was set for, in the order of the contract
        UNIQUE (image, region, model, preprocessing, working_points)) STRICT;
INSERT INTO "prediction" VALUES(1,1,'','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,'{"actinic_keratosis":0.05,"basal_cell_carcinoma":0.05,"dermatofibroma":0.05,"melanoma":0.05,"nevus":0.6,"pigmented_benign_keratosis":0.05,"seborrheic_keratosis":0.05,"squamous_cell_carcinoma":0.05,"vascular_lesion":0.05}','nevus',0.6,1.50000000000000022204e-01,'["melanoma","carcinomas"]','uncertain',0,NULL,1.25,'0.1.0','MK','2026-11-23T09:00:00.000000+00:00','{}');
INSERT INTO "prediction" VALUES(2,2,'','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,'{"actinic_keratosis":0.05,"basal_cell_carcinoma":0.05,"dermatofibroma":0.05,"melanoma":0.6,"nevus":0.05,"pigmented_benign_keratosis":0.05,"seborrheic_keratosis":0.05,"squamous_cell_carcinoma":0.05,"vascular_lesion":0.05}','melanoma',0.6,1.50000000000000022204e-01,'["melanoma","carcinomas"]','uncertain',0,NULL,1.25,'0.1.0','MK','2026-11-23T09:01:00.000000+00:00','{}');
INSERT INTO "prediction" VALUES(3,3,'','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,'{"actinic_keratosis":0.05,"basal_cell_carcinoma":0.05,"dermatofibroma":0.6,"melanoma":0.05,"nevus":0.05,"pigmented_benign_keratosis":0.05,"seborrheic_keratosis":0.05,"squamous_cell_carcinoma":0.05,"vascular_lesion":0.05}','dermatofibroma',0.6,1.50000000000000022204e-01,'["melanoma","carcinomas"]','uncertain',0,NULL,1.25,'0.1.0','MK','2026-11-23T09:02:00.000000+00:00','{}');
CREATE TABLE seal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        what TEXT NOT NULL,            -- lines: 'insert image 3-3', 'erase image 3-3', 'begin', 'restore' ...
        digests BLOB NOT NULL,         -- 32 bytes for each row that they name: SHA-256 of its salt and its canonical form
        time TEXT NOT NULL,
        hash BLOB NOT NULL,            -- SHA-256 of the hash before and the canonical form of this row: of the columns above
        salts BLOB NOT NULL            -- 16 random bytes for each row; zeros for a row that was erased
    ) STRICT;
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-28T22:27:35.863923+00:00',X'C750AFA3D96539A979823630D7F037A62610F26EE7275BF4CE5F71F5A8BAB122',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'777262BC8EAD52B6EA437F910F86B7D660CC29603DA20CC44A9CF5F0F5B96561','2026-11-28T22:27:35.863923+00:00',X'1957D44BECA0345C8DC60EE6BF4C8AE7BFA52BFD6C74AC90711D599AEF9B470F',X'78C14CD070254D99E29A73907B3E0BF0');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'14007B1305E3E17DD2E1C86A0941FE4509C8B2F19A9914F3D6864DB75BCC91941E61F3918DB51677D2A130A9FD7F004C858FB6BB606604E819C9F4EF7DBE19E43CB4D9F1EBB83E368760EB1722693626EE57F15285B9D67B8FD2B81404B6603646103471498C479E4D0A37346C0A6B668EC60F44615ABFBC47309CCD2C78E131','2026-11-28T22:27:35.932267+00:00',X'72AEC6FBBF36663D64914DB30B4EAAF9C3CB8A2ED5E37C2C988E5D6F60A87DE3',X'73A6CFA950A14213AD70398090BD1FA23CA6323BDDDC0B5459DD0BDA09E55336A85E2BB9CD971D32999172695EE5BF378EBF52A6CAC99653FFCBF348255454D4');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'C1CA9A9A6F4EEFDDA15CE8C730EBC214D089B93A60BDF7E3A3DC3BA27EF6A2231ACF4F8251D0F39DBB81DFC7FAFF2E70FDC492C03B0CDBCF1BD013E193AD6198F5239196663081F59C757BDE7DE32C0571362239F15B529E83B53A6F0F2217D4','2026-11-28T22:27:35.936099+00:00',X'C2721A777778AEFF0020C406428E8953917CF49F5663372840C1FE088850C4EB',X'922F10EAAC5CC2897A390B48BE7587FF91E7580F3143B1F74E7643A5E00998601CEAF2739685A64ABAF49005E40316D6');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'2CB450CA137BACE595A557CB9F053C9CF3BA1B5A425DA276569B5AC17ACE8D1ECB8D8EE80DD726CBE42C5F04B5D94CB7D561BFC6A32DB295C1D8BFBDE1859C54BA7BEA89BFBD7D033EF8164330B2DE2D400EA36FF9E625265CA5053018E8B4A8','2026-11-28T22:27:35.937511+00:00',X'1892FBBFAC967233669E2ED79E367D9F5E770945421A7E7795788A5033AABFEB',X'287DC1C368006750C9EB0BD272F74A633D8E17B6EF40A352A80AD4F1F2E6DF7E713644E6796DE16394A404DA2FD672DA');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'5C79857932736763A9594083471877EBA4AB8F76AB19C551CDBD4740E1EAC0A2','2026-11-28T22:27:35.939208+00:00',X'A2B69245E3A8C31218A602D219634981F76F302973CD81A78332E4F02E2E0618',X'C79659B6C30F368E6178164572A9869E');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'6F6D6FB9F03875F0BF663D59304A3C5015B29FE1C500E309605FC49C18C66649','2026-11-28T22:27:35.940076+00:00',X'19993731C4AC9D9891EA97879E3B2594F9DDF74D154CD6171FCE66746500F8D4',X'606DCEBB54BC33DB2F297D074510A1F0');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'2A3A96B6D4A55CC2B78E68AA91F71D87D071AA47FC4C4C0C5945F16D23BFC07C','2026-11-28T22:27:35.940738+00:00',X'60619DDF27F9CECBD84FE49052E77B79FCE4709A712A1757C4C20CBACD894481',X'DC0C5064444F1AAB73FCA1701F248BEA');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'68FD8D07A9B85ECC81E355B58796AC4B91BF8A7FEBC5C7CC5D709D6F21BBA072','2026-11-28T22:27:35.941766+00:00',X'AEE943AD7DC87D52299A9B921A9CC5C84D7A63FDE1846759D0521132788C7F25',X'80205144056C61674A50B8981C1AE050');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'027DCB2C1AF8C7C22A24C3AC7503B52543D21A57B9CE75446DF781D8EF22F1E1','2026-11-28T22:27:35.942621+00:00',X'107CCAF7EA2A630AC81D42BA9CA7F0F15665A3629BE6AC0696B7E24A28103391',X'1072FC3C3E096AA3A37BBADB76DE0CBE');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'29377DB75E02512F1A7AC1A4C1CD281EE661D5B8C87386C93C44320DE29B9D59','2026-11-28T22:27:35.943180+00:00',X'4AD932C207D175B19B2FED07882657DBCBE2C2C931F56D09E0B81BA692F6A6C8',X'CF63C3CE347D9385695D4659B07FE7AE');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'B6CAF1D87F78E833E4B6990EBB55FD50084CA6BCE7D06D632C900645B897A0D9049D8F947AB376D75FDD95DF54CDB78F8485A17FC4DE0A03CE09AF469CAEB8D4','2026-11-28T22:27:35.943966+00:00',X'2B159BE37638860C5692141A2201400DCE29B18B61D715CD985A7109FACA2A1E',X'8FC2F703937B4874C53CE91B77A2C0F3F5045B269EBEBC28A6358CDBE2D38626');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'7DA2C7EF3E5658C32ACCADAA1277427DE9B11A3829DBA3515EFB083B7B49F24589C60080C7B239F63FC1EE734B0744224CCAC34CAF069B46909BB260BEB60B39','2026-11-28T22:27:35.944803+00:00',X'E1CA8BA0187C0A8804D375B044808BE7FEDC39D91115D67599A0EF12995F01F1',X'4AE471DE55285ED49F72465A46436B958877EDE25D6F60A82595E1859035968F');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'9DA3E1D33B5D29C8E736A97A955F8C93FB3E9E8D6DE9C247DF010BAA05B6B0864700621BBF6DC226A07B5451007AE7E5335C96D24D254B13D0EA9E0DC53005DB','2026-11-28T22:27:35.946044+00:00',X'0025BC59B329CEEF5D9B045B5A20BBCEE9C7C738EB99D9A9B9A31EEADEBBC6E2',X'D32E24AC7A6A9A80764670D07C20CF07C5CACD6F84086707831E7172BA2A2F5A');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'2D6F5F24D8E402CD5DB3CEBFA5C435C6987A05DD9098D4BED13D74D7D5D4E51E','2026-11-28T22:27:35.949019+00:00',X'40842DB60266EE3937F8B1551CA1C8C68928218FA20984E69F2DAEB503410DB3',X'8A7495A881643435F5DE329803A056A5');
INSERT INTO "seal" VALUES(16,'insert assessment 1-1',X'D208191BE670FCEDC2D8B1B2F02BA56AB3A7E56312CA92ADE33EA3C48A200B7E','2026-11-28T22:27:35.950120+00:00',X'FD9243AB96B29B125BFFCA77AA7EEB95FE685D43EAF516C9ABF99BF5B454329A',X'6B63E202EA8B4207FB727DF417693D1E');
INSERT INTO "seal" VALUES(17,'insert care_step 1-1
insert audit 1-1',X'EF5D3072F1D74253531A567377C7EA3FE2632FC6FC46F677BBAF48C6588F6EFA27AAF446A1A37557F72ACF0F13FEB39B998A98B93EFF646B0B54BB110B5E26A3','2026-11-28T22:27:35.953537+00:00',X'C3565101654B3BDB7B39AF6A77AA965385E8B47A8C3FBCCD9DB5F2530FE703BF',X'65A143389BF7A4C0CB266B3AD27DB4538EBF390F90BFD2F5D77045082E5F1519');
INSERT INTO "seal" VALUES(18,'insert adjustment 1-1',X'D64E34ABACC9677885308502FB78059FA9E5CC48E443F3CE7D35C012DEA97D88','2026-11-28T22:27:35.954700+00:00',X'A1FB1218A49D539B226BFEC873E21D2894DEC4216A60DB8D1253D62E04294318',X'CFA3BB9633E63D6737B2C469734FAD8A');
INSERT INTO "seal" VALUES(19,'insert working_point 1-1',X'12171B6FAD4ED41B83A058292CB72EDC87563D99F0E88DD89A30C439DF69B62C','2026-11-28T22:27:35.955382+00:00',X'A2C797D2DDF4F54745A04F08E16377B790948B06F56FD1E9D7741A9528E3277F',X'558683317EE26602EAFBB49D946CBDAC');
INSERT INTO "seal" VALUES(20,'insert audit 2-2',X'FD88439F9E5D13CBED7634678F14CF4A255BBE69B144A67354DC744ADB3CA497','2026-11-28T22:27:35.955833+00:00',X'13A77D35A2668FE5D6C25F3585940D1D008CB1CC97B13347ED938B6E8774B66B',X'34313D5A6E658F6470494A7C0EABA01C');
INSERT INTO "seal" VALUES(21,'insert alignment 1-1',X'423C929673AEEAD9D572E40DBF9223355A99A830799E98386D3579F5F15D0A60','2026-11-28T22:27:35.958027+00:00',X'1884B9C2248DF7A7EC66CCFB51F5248C7DCBA235D930BAE69A59B26AE623F00A',X'D2AF48E4B31B36CF9884C5B813C00DBA');
INSERT INTO "seal" VALUES(22,'insert image_scale 1-1',X'6CBFADDCF5E3BBFF4FB005535A7DF1B3E17A14C768B04F5120D5E537D77EFC68','2026-11-28T22:27:35.959010+00:00',X'4F285F21168E94BA14B58373D285D39F3A8C7A4F5A62F041BA45F87C071CDB84',X'E4518CEFA590345E7448A18779AB2A3E');
INSERT INTO "seal" VALUES(23,'insert outcome 1-1',X'18C7B583AC1F5210F48E573435B0DB2187AC1112D22BB2E1D08AB6975CE9EB82','2026-11-28T22:27:35.959651+00:00',X'772DBFD4184DA651BFCEAC813CEAB29D3E16BE1D31FA9C0E05303530A5AFFF15',X'774D7913F9121D4E4B1EE25F4ADD648D');
INSERT INTO "seal" VALUES(24,'insert outcome 2-2',X'095EC09753576903287D6960489B509584508DC21441347BBB7BD8BAE7B02F84','2026-11-28T22:27:35.960387+00:00',X'6FBD64EEAD46EF313DA8DBB428127808E0AE79F9F5B161A66F35021EE1A009D6',X'F04AA5ABB15589C88B15EC7BEDD34EDA');
INSERT INTO "seal" VALUES(25,'insert binning 2-2',X'33F2726912FD25F107026E023EB260CD5F7C4FC511BA1BA288C6C99C51141A8A','2026-11-28T22:27:35.961765+00:00',X'8BD5012AF47895A7EFAE6F2B5B84576A202E702D29A8D15EDC9632EEC93E23E3',X'68316C1361EC740E52F8C2323D7C7640');
CREATE TABLE "visit" (id INTEGER PRIMARY KEY AUTOINCREMENT, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "visit" VALUES(1,'MK','2026-11-23T09:10:00.000000+00:00');
CREATE TABLE "visit_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        visit INTEGER NOT NULL REFERENCES visit (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        date TEXT NOT NULL,
        age_band TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "visit_detail" VALUES(1,1,1,'2026-11-23','60-69','MK','2026-11-23T09:10:00.000000+00:00');
CREATE TABLE working_point (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        model TEXT NOT NULL REFERENCES model (sha256),  -- the model whose figures were shown to whoever chose
        alert TEXT NOT NULL,           -- its id
        old REAL NOT NULL,
        new REAL NOT NULL,
        reason TEXT NOT NULL CHECK (reason <> ''),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "working_point" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','melanoma',0.95,0.98,'high-risk clinic','MK','2026-11-23T09:17:00.000000+00:00');
CREATE TRIGGER model_is_never_changed BEFORE UPDATE ON model
            BEGIN SELECT RAISE(ABORT, 'a row of model is never changed'); END;
CREATE TRIGGER model_is_never_deleted BEFORE DELETE ON model WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of model is never deleted'); END;
CREATE INDEX patient_detail_of ON patient_detail (patient);
CREATE INDEX lesion_detail_patient ON lesion_detail (patient);
CREATE INDEX visit_detail_patient ON visit_detail (patient);
CREATE INDEX image_place_of ON image_place (image);
CREATE INDEX image_detail_visit ON image_detail (visit);
CREATE INDEX disclosure_of ON disclosure (prediction);
CREATE INDEX disclosure_lesion ON disclosure (lesion, visit);
CREATE INDEX assessment_lesion ON assessment (lesion, visit);
CREATE INDEX assessment_image ON assessment (image);
CREATE INDEX outcome_lesion ON outcome (lesion);
CREATE INDEX outcome_image ON outcome (image);
CREATE INDEX binning_of ON binning (subject, subject_id);
CREATE INDEX batch_end_of ON batch_end (run);
CREATE INDEX image_searched ON image (searched_name);
CREATE INDEX image_detail_now ON image_detail (image, id, lesion, visit);
CREATE INDEX image_detail_of_lesion ON image_detail (lesion, visit, image);
CREATE INDEX lesion_detail_now ON lesion_detail (lesion, id, patient, name);
CREATE INDEX visit_detail_now ON visit_detail (visit, id, patient);
CREATE INDEX assessment_diagnosis ON assessment (diagnosis);
CREATE INDEX assessment_plan ON assessment (plan);
CREATE INDEX assessment_plan_date ON assessment (plan_date);
CREATE INDEX image_scale_of ON image_scale (image);
CREATE TRIGGER patient_is_never_changed BEFORE UPDATE ON patient
            BEGIN SELECT RAISE(ABORT, 'a row of patient is never changed'); END;
CREATE TRIGGER patient_is_never_deleted BEFORE DELETE ON patient WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of patient is never deleted'); END;
CREATE TRIGGER patient_detail_is_never_changed BEFORE UPDATE ON patient_detail
            BEGIN SELECT RAISE(ABORT, 'a row of patient_detail is never changed'); END;
CREATE TRIGGER patient_detail_is_never_deleted BEFORE DELETE ON patient_detail WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of patient_detail is never deleted'); END;
CREATE TRIGGER lesion_is_never_changed BEFORE UPDATE ON lesion
            BEGIN SELECT RAISE(ABORT, 'a row of lesion is never changed'); END;
CREATE TRIGGER lesion_is_never_deleted BEFORE DELETE ON lesion WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of lesion is never deleted'); END;
CREATE TRIGGER lesion_detail_is_never_changed BEFORE UPDATE ON lesion_detail
            BEGIN SELECT RAISE(ABORT, 'a row of lesion_detail is never changed'); END;
CREATE TRIGGER lesion_detail_is_never_deleted BEFORE DELETE ON lesion_detail WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of lesion_detail is never deleted'); END;
CREATE TRIGGER visit_is_never_changed BEFORE UPDATE ON visit
            BEGIN SELECT RAISE(ABORT, 'a row of visit is never changed'); END;
CREATE TRIGGER visit_is_never_deleted BEFORE DELETE ON visit WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of visit is never deleted'); END;
CREATE TRIGGER visit_detail_is_never_changed BEFORE UPDATE ON visit_detail
            BEGIN SELECT RAISE(ABORT, 'a row of visit_detail is never changed'); END;
CREATE TRIGGER visit_detail_is_never_deleted BEFORE DELETE ON visit_detail WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of visit_detail is never deleted'); END;
CREATE TRIGGER image_is_never_changed BEFORE UPDATE ON image
            BEGIN SELECT RAISE(ABORT, 'a row of image is never changed'); END;
CREATE TRIGGER image_is_never_deleted BEFORE DELETE ON image WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of image is never deleted'); END;
CREATE TRIGGER image_place_is_never_changed BEFORE UPDATE ON image_place
            BEGIN SELECT RAISE(ABORT, 'a row of image_place is never changed'); END;
CREATE TRIGGER image_place_is_never_deleted BEFORE DELETE ON image_place WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of image_place is never deleted'); END;
CREATE TRIGGER image_detail_is_never_changed BEFORE UPDATE ON image_detail
            BEGIN SELECT RAISE(ABORT, 'a row of image_detail is never changed'); END;
CREATE TRIGGER image_detail_is_never_deleted BEFORE DELETE ON image_detail WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of image_detail is never deleted'); END;
CREATE TRIGGER disclosure_is_never_changed BEFORE UPDATE ON disclosure
            BEGIN SELECT RAISE(ABORT, 'a row of disclosure is never changed'); END;
CREATE TRIGGER disclosure_is_never_deleted BEFORE DELETE ON disclosure WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of disclosure is never deleted'); END;
CREATE TRIGGER assessment_is_never_changed BEFORE UPDATE ON assessment
            BEGIN SELECT RAISE(ABORT, 'a row of assessment is never changed'); END;
CREATE TRIGGER assessment_is_never_deleted BEFORE DELETE ON assessment WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of assessment is never deleted'); END;
CREATE TRIGGER outcome_is_never_changed BEFORE UPDATE ON outcome
            BEGIN SELECT RAISE(ABORT, 'a row of outcome is never changed'); END;
CREATE TRIGGER outcome_is_never_deleted BEFORE DELETE ON outcome WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of outcome is never deleted'); END;
CREATE TRIGGER binning_is_never_changed BEFORE UPDATE ON binning
            BEGIN SELECT RAISE(ABORT, 'a row of binning is never changed'); END;
CREATE TRIGGER binning_is_never_deleted BEFORE DELETE ON binning WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of binning is never deleted'); END;
CREATE TRIGGER erasure_is_never_changed BEFORE UPDATE ON erasure
            BEGIN SELECT RAISE(ABORT, 'a row of erasure is never changed'); END;
CREATE TRIGGER erasure_is_never_deleted BEFORE DELETE ON erasure WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of erasure is never deleted'); END;
CREATE TRIGGER batch_run_is_never_deleted BEFORE DELETE ON batch_run WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of batch_run is never deleted'); END;
CREATE TRIGGER batch_end_is_never_changed BEFORE UPDATE ON batch_end
            BEGIN SELECT RAISE(ABORT, 'a row of batch_end is never changed'); END;
CREATE TRIGGER batch_end_is_never_deleted BEFORE DELETE ON batch_end WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of batch_end is never deleted'); END;
CREATE TRIGGER batch_row_is_never_changed BEFORE UPDATE ON batch_row
            BEGIN SELECT RAISE(ABORT, 'a row of batch_row is never changed'); END;
CREATE TRIGGER batch_row_is_never_deleted BEFORE DELETE ON batch_row WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of batch_row is never deleted'); END;
CREATE TRIGGER image_scale_is_never_changed BEFORE UPDATE ON image_scale
            BEGIN SELECT RAISE(ABORT, 'a row of image_scale is never changed'); END;
CREATE TRIGGER image_scale_is_never_deleted BEFORE DELETE ON image_scale WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of image_scale is never deleted'); END;
CREATE TRIGGER batch_shown_is_never_changed BEFORE UPDATE ON batch_shown
            BEGIN SELECT RAISE(ABORT, 'a row of batch_shown is never changed'); END;
CREATE TRIGGER batch_shown_is_never_deleted BEFORE DELETE ON batch_shown WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of batch_shown is never deleted'); END;
CREATE TRIGGER erased_is_never_changed BEFORE UPDATE ON erased
            BEGIN SELECT RAISE(ABORT, 'a row of erased is never changed'); END;
CREATE TRIGGER erased_is_never_deleted BEFORE DELETE ON erased WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of erased is never deleted'); END;
CREATE TRIGGER origin_is_never_changed BEFORE UPDATE ON origin
            BEGIN SELECT RAISE(ABORT, 'a row of origin is never changed'); END;
CREATE TRIGGER origin_is_never_deleted BEFORE DELETE ON origin WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of origin is never deleted'); END;
CREATE INDEX adjustment_of ON adjustment (prediction, id, raised);
CREATE TRIGGER adjustment_is_never_changed BEFORE UPDATE ON adjustment
            BEGIN SELECT RAISE(ABORT, 'a row of adjustment is never changed'); END;
CREATE TRIGGER adjustment_is_never_deleted BEFORE DELETE ON adjustment WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of adjustment is never deleted'); END;
CREATE INDEX prediction_model ON prediction (model);
CREATE INDEX prediction_time ON prediction (time);
CREATE INDEX prediction_found ON prediction
        (image, top, flags, time, abstention, top_probability, malignant_probability);
CREATE INDEX prediction_top_of ON prediction (top, image);
CREATE TRIGGER prediction_is_never_changed BEFORE UPDATE ON prediction
            BEGIN SELECT RAISE(ABORT, 'a row of prediction is never changed'); END;
CREATE TRIGGER prediction_is_never_deleted BEFORE DELETE ON prediction WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of prediction is never deleted'); END;
CREATE TRIGGER working_point_is_never_changed BEFORE UPDATE ON working_point
            BEGIN SELECT RAISE(ABORT, 'a row of working_point is never changed'); END;
CREATE TRIGGER working_point_is_never_deleted BEFORE DELETE ON working_point WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of working_point is never deleted'); END;
CREATE TRIGGER batch_run_is_never_changed BEFORE UPDATE ON batch_run
            BEGIN SELECT RAISE(ABORT, 'a row of batch_run is never changed'); END;
CREATE INDEX audit_time ON audit (time);
CREATE INDEX audit_action ON audit (action, id);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'a row of audit is never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of audit is never deleted'); END;
CREATE TRIGGER seal_is_never_changed BEFORE UPDATE OF id, what, digests, time, hash ON seal
        BEGIN SELECT RAISE(ABORT, 'a row of seal is never changed'); END;
CREATE TRIGGER seal_salts_are_never_changed BEFORE UPDATE OF salts ON seal WHEN NOT EXISTS (SELECT 1 FROM erasing)
        BEGIN SELECT RAISE(ABORT, 'a row of seal is never changed'); END;
CREATE TRIGGER seal_is_never_deleted BEFORE DELETE ON seal
        BEGIN SELECT RAISE(ABORT, 'a row of seal is never deleted'); END;
CREATE INDEX care_step_assessment ON care_step (assessment, step, id, day) WHERE assessment IS NOT NULL;
CREATE INDEX care_step_prediction ON care_step (prediction, step, id, day) WHERE prediction IS NOT NULL;
CREATE INDEX care_step_outcome ON care_step (outcome, step, id, day) WHERE outcome IS NOT NULL;
CREATE TRIGGER care_step_is_never_changed BEFORE UPDATE ON care_step
            BEGIN SELECT RAISE(ABORT, 'a row of care_step is never changed'); END;
CREATE TRIGGER care_step_is_never_deleted BEFORE DELETE ON care_step WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of care_step is never deleted'); END;
CREATE INDEX alignment_of ON alignment (first, second, id);
CREATE INDEX alignment_second ON alignment (second);
CREATE TRIGGER alignment_is_never_changed BEFORE UPDATE ON alignment
            BEGIN SELECT RAISE(ABORT, 'a row of alignment is never changed'); END;
CREATE TRIGGER alignment_is_never_deleted BEFORE DELETE ON alignment WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of alignment is never deleted'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('patient',1);
INSERT INTO "sqlite_sequence" VALUES('patient_detail',1);
INSERT INTO "sqlite_sequence" VALUES('lesion',1);
INSERT INTO "sqlite_sequence" VALUES('lesion_detail',1);
INSERT INTO "sqlite_sequence" VALUES('visit',1);
INSERT INTO "sqlite_sequence" VALUES('visit_detail',1);
INSERT INTO "sqlite_sequence" VALUES('image',3);
INSERT INTO "sqlite_sequence" VALUES('image_place',3);
INSERT INTO "sqlite_sequence" VALUES('image_detail',1);
INSERT INTO "sqlite_sequence" VALUES('disclosure',1);
INSERT INTO "sqlite_sequence" VALUES('assessment',1);
INSERT INTO "sqlite_sequence" VALUES('outcome',2);
INSERT INTO "sqlite_sequence" VALUES('binning',2);
INSERT INTO "sqlite_sequence" VALUES('erasure',0);
INSERT INTO "sqlite_sequence" VALUES('batch_run',1);
INSERT INTO "sqlite_sequence" VALUES('batch_end',1);
INSERT INTO "sqlite_sequence" VALUES('batch_row',1);
INSERT INTO "sqlite_sequence" VALUES('image_scale',1);
INSERT INTO "sqlite_sequence" VALUES('batch_shown',1);
INSERT INTO "sqlite_sequence" VALUES('prediction',3);
INSERT INTO "sqlite_sequence" VALUES('erasure_left',0);
INSERT INTO "sqlite_sequence" VALUES('seal',25);
INSERT INTO "sqlite_sequence" VALUES('care_step',1);
INSERT INTO "sqlite_sequence" VALUES('audit',2);
INSERT INTO "sqlite_sequence" VALUES('adjustment',1);
INSERT INTO "sqlite_sequence" VALUES('working_point',1);
INSERT INTO "sqlite_sequence" VALUES('alignment',1);
COMMIT;
