PRAGMA application_id = 1280075118;
PRAGMA user_version = 17;
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
INSERT INTO "binning" VALUES(2,'outcome',2,1,'MK','2026-11-23T09:25:00.000000+00:00','wrong lesion');
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
CREATE TABLE image_capture (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        device TEXT NOT NULL,
        contact TEXT NOT NULL CHECK (contact IN ('', 'contact', 'no contact')),
        light TEXT NOT NULL CHECK (light IN ('', 'polarised', 'not polarised')),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image_capture" VALUES(1,3,'Scope','contact','polarised','MK','2026-11-23T09:20:00.000000+00:00');
CREATE TABLE "image_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        kind TEXT NOT NULL CHECK (kind IN ('dermoscopy', 'clinical', 'other')),
        lesion INTEGER REFERENCES lesion (id),
        visit INTEGER REFERENCES visit (id),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image_detail" VALUES(1,3,'dermoscopy',1,1,'MK','2026-11-23T09:12:00.000000+00:00');
CREATE TABLE image_outline (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        points TEXT,                   -- JSON: x and y of each point in pixels of the upright image; null where it was removed
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "image_outline" VALUES(1,3,'[[10,10],[90,10],[50,80.5]]','MK','2026-11-23T09:21:00.000000+00:00');
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
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:22:00.000000+00:00');
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
INSERT INTO "origin" VALUES('9cfb1d0c7c9032594270e61cdf985ebb','','2026-11-29T01:28:49.703000+00:00');
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
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:23:00.000000+00:00','absent','clear','H 26-1234');
INSERT INTO "outcome" VALUES(2,1,NULL,'histopathology','melanoma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:24:00.000000+00:00',NULL,NULL,NULL);
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-29T01:28:49.812624+00:00',X'20592B551E88F4ADAB8C5DE882DC6469F769BA1BA7342FD9B7855E6B77169BC7',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'881402F210583AA661F8FA8C26191C5B9D9AE5FD83200CFC91765A6466D9A704','2026-11-29T01:28:49.812624+00:00',X'EB2F51FB934F36532B5EAB2B1A3FE814AFB44EAE17A5E6A09B48CEEE28BF3613',X'91204F98C38B16223BF7D323A4A475C5');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'3B711E50DFEA7181B65B04CC76217994F12748C9EE61687976D7CFA6BC302057E2C09B29EAB77D82FBD538156CFFAEB1A2179070BDF0E385F3DA1A59EB44FF19A64AC05DDD379182ADB363740ED234396F63E2AB89043DC5A2C10AE79D50BEF7D25604459B306B43DCE650D16104084EAA1D337C41BC0446880BC317CA3EF2BC','2026-11-29T01:28:50.002112+00:00',X'5BF0B038E2416E89F0C24B448C133659FD26D2E80CF6044C6A828E1321C7B02C',X'DACEF547C5E08A8BAE7C1FDBDB75D82047DCE16B6194F2D46B3F47AACBBDE22BB72A3AE3063289FF129D5741FC00E383FF58B7F33E2505D139CC9B775BC081B9');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'B374555810B11D7D4180377BC79020A60D928A105D23A2C0A4CA82AD450B2E2F0BCC5CD75D1587FF9CDEE9871EB9E4E0BE23616ECBE44DE330606FB71E4787ED1574CF047CF81EA9ECD31F9FE29459CA5F59F3E00C219B05C0D1E3A1A4A128EE','2026-11-29T01:28:50.053093+00:00',X'940DFBBB92DC05DC254DA14B1040E69815C3391DC6FC961739BA1ABE42524AE6',X'5F228E3C25654E9FF7CC6A59079D8EF92647842BEB3F356E829392FC272D9C6C26A55807BB6119D6A49FE885B0FBA1C5');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'B6C6744D94B6E5132CF9A7583B53CD3FCF96A3340E371C3BD77927FFE0115CFBFDAC060DFB35A72223CB0B5515DFE91AEC045F9150AFB5C96DA6F242D5EA3B0E35359AD91051E04D8070506351D0F750C6CE135EF9C8BD90C230182D1D2C700F','2026-11-29T01:28:50.053969+00:00',X'3BA271CF2D28555E3CF9FD594F31AA248D74AB10C87E1CAA6DFA3AF299CC3C16',X'3056E5E10A3181C7D94B322353525AB633D47525B862FBE8DA95A79D34D89F04C7B618EBD6E85363BD1C8D22C9828765');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'D7FC4896E12891DEBCA5F42201CBF724393E4FD659D2D86A7B52E318C038CDF5','2026-11-29T01:28:50.058247+00:00',X'396474269A800292F0F9F2D93BDCBA30CA1F7EEF37777E12A4CDC3340918D4BD',X'6C17F4ECED61EDB5727D3EE6D7520E29');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'35D9CE75CAEA66EEBFF6AFCD5A7BE332CC7DC79455C2B84D8D8C55107619AFC0','2026-11-29T01:28:50.058875+00:00',X'0835845F61D4FA06BE84299F505908E0D87F6A60B5AE73046BA6B51282009FCC',X'06C3D02526DAC898F3CD3402EA5B672A');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'2F3D775A421A732290E9313CC633C9A25BAF67E0FADD7ED8050E1D340A82385F','2026-11-29T01:28:50.066829+00:00',X'3C8F09C464EA4309DDB197B36CBA6761E3B17108F3B19E8077D0577549363D30',X'0989E2AE66A275394810A01C71AEB630');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'672612857A5503E72D6B37F03EEA6D52CDE0A32B11C5EFF3B858F9A78939054D','2026-11-29T01:28:50.074408+00:00',X'9625E717479BA0465E94C959DF8E609B937DC063679FA718510049D9A81AD8C1',X'7645AB3848E6A3D228AF061FA7ACBE4E');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'C5D209E31CA84AB09A38EA61A0AD7AED5FFE7D59A979CF6B3667D701716092A1','2026-11-29T01:28:50.086423+00:00',X'41178C146BC873DD94A94E37A9CA40CC2E368E1F854881DC228811803471C4A5',X'566764690B6DA6AEA63EA130FA9923D1');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'77FE5C17DEFBD52B50B844770139F934D28B3F4E0084501A49CF1CC7A27891DD','2026-11-29T01:28:50.094693+00:00',X'602795E6199190579D344E7FC62F71E4908C5DC4B17C05F9D09653B75BAE6631',X'9B0E0803E4B63F54E1841B6B3D1799AA');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'E5E26ECC8F2DC1C216671AE8E3B666215081DB258269262B357E7EA016554D44F662D341FF30B5CEB1D2080F26CAB77C778E9A8E8C484DE59D239EA7AB5DCE05','2026-11-29T01:28:50.096731+00:00',X'4C55F6B9EDF7618631D7DF8DCD0472B9A247F33B14B75EE012CC14D3CD958204',X'4198D52145B6CBE9F75CDABB04E3B1921307394F1FD8955B5806EF0EEF2008D2');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'31761430EB189B80832F0DC98EE7D802F27D2DA0F6E87FA043D7117BA3781751221C8217302E54714729EDB8997B063C26C569BF3AE9CBD671BD2A737E2F81B0','2026-11-29T01:28:50.098204+00:00',X'62E50D6C12C45AEA8810675CEFBA5F5D30351DD5D01741AF891646ED66DDCD2D',X'1B9786241AB6D79F7AB7A130567CB0DFBA721B87CADD103CD57956C7994DB10A');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'DD9369115551AF7A592D16F17366F9D473A66FE515597D94B1D34AD4F7711A35E5BEC86C28A912C3969584F62E7372255CFF014A9074570868E0E56CCC338741','2026-11-29T01:28:50.123110+00:00',X'1B10C39EF9FA6269FEDC8B5DD277DA293C2F5FE72F3663C87D259B4934CF06F5',X'2C34FD6A2A434638191BC31EA4A51B5FDEA87B0F549369551B1F3FD340A10586');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'E8F1CB547827679845FA515CF0249CB9F93ED939EEE6F540A6BB9EF613CAE285','2026-11-29T01:28:50.131289+00:00',X'6EE50FB5E16216D91DC25866E9538A4037153E774D97582B2468E2B3B32B6EDE',X'BAC8DBCF8A009321B83F77250D72A824');
INSERT INTO "seal" VALUES(16,'insert assessment 1-1',X'68061C79ED75DD4447C6B0387DA53939DE3E6A6569CF4F5E7F79DD1BB9A2D47F','2026-11-29T01:28:50.134138+00:00',X'EACBEA02048C7A8D2C34EEDF593DB369606C8B2E7CFAB55042394005E56C7B7B',X'01864DCA450465DAAF52D3D4C45C3BC8');
INSERT INTO "seal" VALUES(17,'insert care_step 1-1
insert audit 1-1',X'8D6910C2DE05157C4C5B2A82FD3D935AC512335F0F0E5BC324A5E7C90743F94202582244412DAFF6C859F751113D39F75253B1F0D41A7D92D55CDCD150912D3E','2026-11-29T01:28:50.138824+00:00',X'2E0D63C1A53FE19C3B3A4C4366243A2C16E303730823BE226719A244DBB9CBE2',X'4407935DAF71E72C393F9EE6800C3EBBEEFE8C379B775BB23B0C9236E7CCCBEE');
INSERT INTO "seal" VALUES(18,'insert adjustment 1-1',X'1115DEC8997FB4EAEC9672DEC3C909178B10F7804ECF00E3FB8C052C65D38A10','2026-11-29T01:28:50.141961+00:00',X'2CA0EE39FBDF4980B12922C4182FA5B9F67CDF68467D4A5DF8D5EBA955AF1A6B',X'C368DEC452E5B3850FE7F21809CE4141');
INSERT INTO "seal" VALUES(19,'insert working_point 1-1',X'A9A6D5FDB3997CB4D8D7FA06F0BF36E22F711F4857571898E67C50AE0E5DE450','2026-11-29T01:28:50.144985+00:00',X'8A060B93D6833DFB492621273A29BEBA0103D3F2C7BF92BCAD4382A3EE27E6D8',X'6BA1FAA02F37EC4FE63D4766823173E2');
INSERT INTO "seal" VALUES(20,'insert audit 2-2',X'962DEBA10A2940B11298C02C65838C1EE7A6370BCA3202EF3B10C54B5DE8D9E0','2026-11-29T01:28:50.151360+00:00',X'85F83D418265E99AA4BA5044EA0E0C97B5051DA2817802CBE2E8C2DAD435ADCE',X'95E85AB74CB49E5D689D738B7402C087');
INSERT INTO "seal" VALUES(21,'insert alignment 1-1',X'688627E78D4C8D0326BE801ECE28D1545EA44144C838E39CC7D42AF88B1002DE','2026-11-29T01:28:50.154383+00:00',X'DE77E3A9D18CE2DE0E2B747D53E8C2813C336FA0FE6B81A7389E818B98E91A2D',X'8F9FC6D2946E63D68C21E13E711BFF4A');
INSERT INTO "seal" VALUES(22,'insert image_capture 1-1',X'DD748A576DC7401ECA4F7BD3F24126B32F4EA42B175A2791E3BE15BACC3343BD','2026-11-29T01:28:50.157106+00:00',X'C2110EFD8ADF162BF74811202733C0730EFA3C15BC84871806E1A6C4625F6CC5',X'A71F1205997C62E9A6C966049F2D9489');
INSERT INTO "seal" VALUES(23,'insert image_outline 1-1',X'216507A7220FADEC0ACD93C96D4651F6248BC050540AE4FA624A44C5B45DF9D3','2026-11-29T01:28:50.160138+00:00',X'E116FB55B93DA421D3C0052E68BA4E8203A723E45009E22A990B6E9EAFF541AA',X'8D02ED60E54609C36ABAD17E5D099D42');
INSERT INTO "seal" VALUES(24,'insert image_scale 1-1',X'C162F427FE7586D4CD65E9E2093E63D475286E5EA98096EB6BB013E647758124','2026-11-29T01:28:50.161888+00:00',X'DAE6EB07FA41529F75668FAC02EFD456611D137AE5C8A2E90B8A5D40C8FF51EF',X'D942BA096851B2E4D0B72164E12033CC');
INSERT INTO "seal" VALUES(25,'insert outcome 1-1',X'99A4DBC62B812805245F1000A635E5AFF9873D6C4D630FA8E553A3D8C07E7B17','2026-11-29T01:28:50.165944+00:00',X'4604C178E16CD2447D1F809E0145A6A6E12C61FAA1949865B4596083DC3FD801',X'96D7D352B4D4F61989BC8CB95348E3DB');
INSERT INTO "seal" VALUES(26,'insert outcome 2-2',X'6E473D7085F47E760BEC4E48BB4F823A1B0589D528E7D866F3ADC92012A1699D','2026-11-29T01:28:50.172449+00:00',X'1F09DB81D34C1628EF5EC4FC49196E4CDE3515AE4DB516EC41F6E2437FE4E450',X'8193C48E1F2196E3EFC2460FFD5DBD3C');
INSERT INTO "seal" VALUES(27,'insert binning 2-2',X'DCD8242DA22D7488B322262332340F91CF21D52EF608206EB461442E84388BB0','2026-11-29T01:28:50.173083+00:00',X'A68B13D029B71259FF3A756E0D1AE345EE726EAA26342384E86F755ECCDF3D5D',X'43A0E940B80AC2B9E820754B2A94750D');
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
CREATE INDEX image_capture_of ON image_capture (image, id);
CREATE INDEX image_outline_of ON image_outline (image, id);
CREATE TRIGGER image_capture_is_never_changed BEFORE UPDATE ON image_capture
            BEGIN SELECT RAISE(ABORT, 'a row of image_capture is never changed'); END;
CREATE TRIGGER image_capture_is_never_deleted BEFORE DELETE ON image_capture WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of image_capture is never deleted'); END;
CREATE TRIGGER image_outline_is_never_changed BEFORE UPDATE ON image_outline
            BEGIN SELECT RAISE(ABORT, 'a row of image_outline is never changed'); END;
CREATE TRIGGER image_outline_is_never_deleted BEFORE DELETE ON image_outline WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of image_outline is never deleted'); END;
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
INSERT INTO "sqlite_sequence" VALUES('seal',27);
INSERT INTO "sqlite_sequence" VALUES('care_step',1);
INSERT INTO "sqlite_sequence" VALUES('audit',2);
INSERT INTO "sqlite_sequence" VALUES('adjustment',1);
INSERT INTO "sqlite_sequence" VALUES('working_point',1);
INSERT INTO "sqlite_sequence" VALUES('alignment',1);
INSERT INTO "sqlite_sequence" VALUES('image_capture',1);
INSERT INTO "sqlite_sequence" VALUES('image_outline',1);
COMMIT;
