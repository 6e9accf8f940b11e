PRAGMA application_id = 1280075118;
PRAGMA user_version = 18;
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
INSERT INTO "audit" VALUES(1,'step recorded',1,NULL,'{"step":"biopsy taken","person":"MK","lesion":1,"care step":1}','MK','2026-11-23T09:15:00.000000+00:00');
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
INSERT INTO "binning" VALUES(2,'outcome',2,1,'MK','2026-11-23T09:26:00.000000+00:00','wrong lesion');
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
CREATE TABLE embedding (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        model TEXT NOT NULL CHECK (length(model) = 64),   -- SHA-256 of the model file; it may have no prediction here
        preprocessing INTEGER NOT NULL,
        method INTEGER NOT NULL,       -- the version of the reduction, see `inference.similarity`
        vector BLOB NOT NULL,          -- little-endian float16
        initials TEXT NOT NULL, time TEXT NOT NULL,
        UNIQUE (image, model, preprocessing, method)) STRICT;
INSERT INTO "embedding" VALUES(1,3,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,1,X'EE2E9EA8EEAEEEAE9EA89E28EE2E9E28EE2EEE2E9E289EA89EA89EA89E289EA89EA89EA89EA89EA89E289E289E28EE2E9E289E289EA89EA89EA89EA89EA89E289E289EA89E289EA8EEAE9E289E289EA8EEAE9E289EA8EEAE9E289E289EA89EA89EA89E289E289E28EE2E9E289E28EE2EEEAE9EA89E28EEAE9EA89EA89EA89EA8EEAE9EA89E28EEAE9E28EEAE9E289EA89E289E289EA89EA89E28EEAE9E28EEAEEE2EEE2E9E28EE2E9E28EEAEEEAE9E289E289EA89E289E289E289EA89E289E28EE2E9EA89E289E289EA89E28EEAE9EA89E289E289E289E28EE2E9EA89E28EEAEEE2E9E289EA89E28EEAE9EA89E289EA89E28EEAEEEAE9E289EA89E289EA89EA89E28EE2EEE2E9E289EA89EA89EA8EEAEEEAE9E28EEAE9EA89EA89E289E289EA89E28EE2EEEAEEE2E9E28EE2E9EA89EA89E28EEAE9EA89EA89E289E289EA89EA89E289E28EEAEEE2EEEAE9EA89E289E289E289EA8EEAE9EA8EE2EEEAEEEAE9EA89E28EEAEEE2E9EA89E28EEAE9EA89EA89EA8EEAE9E289EA89EA89EA89EA89E289EA8EE2E9E289E289EA89E289EA89EA89EA89E28EEAEEEAE9EA8EE2E9E28EEAE9EA89E289E289EA8EEAE9EA89E289EA89E28EE2EEE2E9E289EA89E289EA89E289EA89E28EEAE9E289EA89E289EA89E289E289EA89E289E289EA89EA89E289EA89EA89E289E289EA89E289EA89E28EE2E9E289E289EA8EE2E9EA89E289E289EA8','MK','2026-11-23T09:22:00.000000+00:00');
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
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:23:00.000000+00:00');
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
INSERT INTO "origin" VALUES('f913f2848ca153a3dcab3b7ed29f2c59','','2026-11-29T02:07:41.139000+00:00');
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
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:24:00.000000+00:00','absent','clear','H 26-1234');
INSERT INTO "outcome" VALUES(2,1,NULL,'histopathology','melanoma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:25:00.000000+00:00',NULL,NULL,NULL);
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-29T02:07:41.176049+00:00',X'1E272065DD47A07F5D04D4FEB9AC6872F6CFD9A765DBA88A89428BCD45EB07A9',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'E736CF42397C51DDA420D6326AACB4841096F8A878FE31E30C65885494D248EB','2026-11-29T02:07:41.176049+00:00',X'A1102392FA7D72C2B42EA4D98B83B555D3408BAE98A80B276D3D8B24BBD1C390',X'17723838E719BCA245EF3EBC0470C84E');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'0DB007B04231AEA6A921CAEC01F8A3EACC8EB3FEAB4EF056328F3197D0BFAAD9A710F793DC174BF1880CBF08E1FBAB08014F9DA5B38F3EB12843B7736BC007076B515533CE257F65BA475B11B48E657FFF017490DED7725D5CAEDCD34B2688854BE220D440F55E1D85ADED583A848CF1380F067B7EF74EDB285B0768092D3D3E','2026-11-29T02:07:41.315337+00:00',X'69652A656DD8D5CDEC11DEBB6CFB27A1E7B21232519968ACB86E00AAB67892FB',X'FACB17597C283E441979B54486F17D33DC2E2D04E7B1812D39EA6AB4F1A8580E816113F9E5FBCE33D3B8243CA2282C4FBFFB22594044FBC2BD96BC3E053870A9');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'707C0B9026946D485CAF15F52D93467317F3DAD6556583CF503321130D9C321D391770307A185917C7CF6F73FCDF3C6537564EC92020BF3932D6B8B10377615CEE515B3923F63313F1E5E430E03CF1C3D0FE0B36EB7FFB86A2D9AE5FF0D5F7D0','2026-11-29T02:07:41.333477+00:00',X'96A9CC119301097E155883F81E92FB0076ECCA8ECF72039CE6AC8F6A8B380E11',X'F35B91256F299DECD825A9F90A1710969B54CF1E87AD9F38686A4F56FA1FD9C2B50CF70DDAF307B50A2979E1A2381A67');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'182E977B7AC21C869B0DB20157B7E3FED29A9EE61426A1867C33945359439DB0906DA63A5AF08A98324AFEAA32677382657EEC84F46BED79127106558FF39D71B89D619EDF4E6FFC5BA3BC5F2AA13D2877BE9808DC4E958DEAAB072F751A988B','2026-11-29T02:07:41.343365+00:00',X'F8F6A6674042F873884D4419FC833075506E23CAD10E9A4D60F75DC92E352BC0',X'E22B9C945FFD1B3D5261CC866A9E3ABC1824B90FEAA12B4FF9330CA2E32AC857A4AA0778C733BAABC861754390A0023A');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'A07D3ED9D503DCDF854380DA7865055E9384A91ACD92E26C093F567EA38B4668','2026-11-29T02:07:41.348729+00:00',X'A1303A2D24AB054F94EE93172EF355C6B70A37CF59A3FC11B6A5721D9AEE1406',X'28AD1DA362C8DDBB56D69B7883170A3F');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'ABCB4411AB9FE7C09E27A2705D56550B3DE85AC796A15203B45A472569A915CC','2026-11-29T02:07:41.353822+00:00',X'D32EF514347507B710F90B38702B739727523D2E361CA29E701B60BE875FECE4',X'1FE6F088BC7D3818ED2BC7DDBC72B36E');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'447ECACEF6E4D1C2EB08AF3E8260577648FF8C5AB6B8A080A5CEDF46C051B4A9','2026-11-29T02:07:41.377956+00:00',X'D3BCCFA6AA7A9D5225FB6E99C1EFE082AA2B4613E634EAFC6191EB771CC10BF1',X'C1ADDBF802FB3D25144E50AC00FA8FF2');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'3E7F08A174DBFAE0028FB6684A1B89E6B5DF854060741B1FA554170DAB9F79EC','2026-11-29T02:07:41.390269+00:00',X'13175B9503959F7878E53520608A6A8C23127920E4A46BB3AE3731D30D14DDA8',X'41C31EDF14D36D159CD019D3035B8D0B');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'B02225310A010D2CFE77853AE56411A058A4334D28CD94DE30C3FC515A9C3581','2026-11-29T02:07:41.398317+00:00',X'85D48BCEECD4789166EF87EA1CB294628B2461FDBDAD5881F56C9EDA5E57D9FB',X'418118551EE301EB5BBA7099EF89D1F3');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'C11F132EA9EA56EB23E31805BD3E94540A5CE23C07497D78F29D2141FB7F370A','2026-11-29T02:07:41.404994+00:00',X'0E7BEA66B900A74AEDFD66312C67D50A6010025DB3206C376BA45DEED7E350E2',X'3A39AF5F68DDB72AAA803B70F453AD78');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'096E8C0D701E054502E7C4AED8B7F039C7129F00374B5B483ACFD80C713BAF960C78F5C0059DAC34EEF66CB1AFDFB0692F797D20485476752B765AE5641B22C5','2026-11-29T02:07:41.415779+00:00',X'CE8D36300D3BFC771CAE46E64687340FB6E9B029BE68924389655268BE916C50',X'D480E6DAA4255D459F36713F687C7B260A62C6AEA31E6C21EB98018847DD9BBE');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'00D26245BDE7F92F26F0DE1096A1567D8722832325B49AEA62EACCAF5B43BE920D454BBEF5A6FDEE4D59FF77491140FBC8B1CA0265B9F45E0A1E0EF2CE494ADE','2026-11-29T02:07:41.419700+00:00',X'4243E57B8CED11E7C7BF542EDF1300E647E7913FD3E8BE72C4A7BFCCB28837B2',X'81EE4E29E918A1128D67F18C9E3A79E7F53839101ECEFB6739BE860607F5F175');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'7773842AA42EA59100107DBFDED3127DABB5592502925084B61EA4929C566EC2C1825A14356920362DA0DFDE3CDA6CF979D2AF29F80ECCAC9A8B03C074DBE871','2026-11-29T02:07:41.430123+00:00',X'029A6D4C135441C7C4CF3CC0AF15A269465B0E5894B450D85AB3F66359831B31',X'2178344695252023C32E7E8DF4A4BCA9AAF194D2C1DAE1E043EC6D05BDB5EE1F');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'3C691DE304AD83B83139E0C84FFC30180890BEA2081544BD89E198A1654AE10F','2026-11-29T02:07:41.443116+00:00',X'DB66C35CC9AA8140BF15680E891A05C891996A705BAE187539CA5B8005CD7703',X'850802B05293D2479E56673CA7DBB172');
INSERT INTO "seal" VALUES(16,'insert assessment 1-1',X'4FA7843B469E29AC24D0A462280CE6AAD3CF2640604D33F5BD90E77544CA9C37','2026-11-29T02:07:41.451677+00:00',X'7445C41E37DDD247DB04D8A48771AE3935F95C44BF6094536077E7C03A5CD161',X'73A27E8294AF02A33C2AB0FEFFF86F78');
INSERT INTO "seal" VALUES(17,'insert care_step 1-1
insert audit 1-1',X'827E4CE8920F7F8531750D9142AA919243F211D06F7AE04A72E4D38E68149027F6604DD98144AAD7D031B252D3B3074B5011F28413AEFA4396F67268B954B71E','2026-11-29T02:07:41.461340+00:00',X'0A92FC2AC266B3AC0DFCC4A44F404748FFDC99A167517A353B1BF0CDF5FB9825',X'5A92679C134D88F89CB322B49215EA95F3D06E7B5488E96879EF4643E2762C7C');
INSERT INTO "seal" VALUES(18,'insert adjustment 1-1',X'22BD1FFDB55FBB9FFE7FDA7C77BB3B4D1B287F0001A6277C6AF5108F0ADDC7EC','2026-11-29T02:07:41.482111+00:00',X'FABBE4257477717AF318216764194CF6A6775458E9874D7E6A34E6B5A0ABD305',X'CD0F1035DDD15EF59BA52BA765E877AE');
INSERT INTO "seal" VALUES(19,'insert working_point 1-1',X'B82EA7F01D5216F0CB062BA27A3979EE2E637EBD2FBD982A76D67BCEF3E4EAE7','2026-11-29T02:07:41.486020+00:00',X'4E0B0F6273B5CEAA6456C3962C3F62E598F214B64DBD39F45C87EE420778B6F2',X'2F34A169799E4A251640CB63A268C4E8');
INSERT INTO "seal" VALUES(20,'insert audit 2-2',X'6F00B311A47D0BD12EF7EDD80A70EBA6DE1BD7CC438E12A0883DE4FD103B3436','2026-11-29T02:07:41.501619+00:00',X'E737523F27A69ADC7A6BAEEC60357635B515F1E0BCEE074BFB54B2009178CED9',X'2B0D6B3DFC214D3EEB9E4DF155F65710');
INSERT INTO "seal" VALUES(21,'insert alignment 1-1',X'2D8D5C92C795792C5F52753D3A82CCBF4B7471DF6A3A9F292F9B058672FB0C79','2026-11-29T02:07:41.517511+00:00',X'DA6DD4D810C072ECA9096140751BEEA09FFE24A392E928A8475ED0E2FDAB210D',X'AB8E2141069F9963DE48925880B2C8E5');
INSERT INTO "seal" VALUES(22,'insert image_capture 1-1',X'E10709A3D28F1B54703A19FA3F064C04BC1DFCA1A8ED1F0ABFB9DC0F16355824','2026-11-29T02:07:41.535365+00:00',X'0AE0CF3FC811A61C4B366CCE8A38F56ACAA502C017821DC131D9F726EDD95AFB',X'F18EB25315C0E370A6BCF84E79D0D3A8');
INSERT INTO "seal" VALUES(23,'insert image_outline 1-1',X'CE0A3C2B44CFB8E24B97BCF04068286024734CBC68546CF0569635CF03DAAFBC','2026-11-29T02:07:41.567253+00:00',X'72AB7CD7053150FF6990048DC4C853CE0BEAFD3B96B372328C962A233187363D',X'8EEBBD098115F65718FD029353C6BFD0');
INSERT INTO "seal" VALUES(24,'insert embedding 1-1',X'CD7879C782F0121DB51B511289E974FEAE166EC1566CFECE9ACF59D104D94858','2026-11-29T02:07:41.584000+00:00',X'013BBDAFE5ACE33247F7CC4DD368543C2267F8AF06606BB798157735ED5DDC8A',X'A9B5A29390EDDC568C180590183EAAD7');
INSERT INTO "seal" VALUES(25,'insert image_scale 1-1',X'5A12705AA143FE1AFDF80FD6E6F6995FADDC30A47C1920E16A8B66AB8C04DDF0','2026-11-29T02:07:41.604498+00:00',X'DF8E500F1B8B5E3E85651C2AAB7D6935C5396925ABB49BF61D559EF96A174E34',X'B85F311D142894D190E06EBC2F7967B7');
INSERT INTO "seal" VALUES(26,'insert outcome 1-1',X'D4D69E48E4E07E93BB24559C1DAA919333F74C16380AF0ADB9E08BF13C40B516','2026-11-29T02:07:41.609007+00:00',X'D847DA100B73542A6831704CCB433A365AD08120747CDEA70C04BF1968D29D28',X'BB1D29CDD36EE7A9400FF68B54C1D22F');
INSERT INTO "seal" VALUES(27,'insert outcome 2-2',X'D974C67C1411FB4CC6134546A8458B5BE17C09A43F2538AA59D273E5678E6373','2026-11-29T02:07:41.622598+00:00',X'723A7465BC94D187AF7602921A24A168466A86CFCEC1C2D622931968922D10A0',X'97C33BE2FBB5369719FD9B03DB3DA100');
INSERT INTO "seal" VALUES(28,'insert binning 2-2',X'A25AFA9FE8F9D0BAD7730222A772ACFEA7723FF6910FCDC1F25A6D503E0D87F5','2026-11-29T02:07:41.629903+00:00',X'A779AE49955CA1F8040C27822C274FAB47E7F1A7A1E66CF778571C7521DBB146',X'3DB8EA9D87D8CF17B63934A256301C39');
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
CREATE INDEX embedding_of_kind ON embedding (model, preprocessing, method, id);
CREATE TRIGGER embedding_is_never_changed BEFORE UPDATE ON embedding
            BEGIN SELECT RAISE(ABORT, 'a row of embedding is never changed'); END;
CREATE TRIGGER embedding_is_never_deleted BEFORE DELETE ON embedding WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of embedding is never deleted'); END;
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
INSERT INTO "sqlite_sequence" VALUES('seal',28);
INSERT INTO "sqlite_sequence" VALUES('care_step',1);
INSERT INTO "sqlite_sequence" VALUES('audit',2);
INSERT INTO "sqlite_sequence" VALUES('adjustment',1);
INSERT INTO "sqlite_sequence" VALUES('working_point',1);
INSERT INTO "sqlite_sequence" VALUES('alignment',1);
INSERT INTO "sqlite_sequence" VALUES('image_capture',1);
INSERT INTO "sqlite_sequence" VALUES('image_outline',1);
INSERT INTO "sqlite_sequence" VALUES('embedding',1);
COMMIT;
