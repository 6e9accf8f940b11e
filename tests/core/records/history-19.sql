PRAGMA application_id = 1280075118;
PRAGMA user_version = 19;
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
INSERT INTO "binning" VALUES(2,'outcome',2,1,'MK','2026-11-23T09:30:00.000000+00:00','wrong lesion');
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
INSERT INTO "embedding" VALUES(1,3,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,1,X'EE2E9EA8EEAEEEAE9EA89E28EE2E9E28EE2EEE2E9E289EA89EA89EA89E289EA89EA89EA89EA89EA89E289E289E28EE2E9E289E289EA89EA89EA89EA89EA89E289E289EA89E289EA8EEAE9E289E289EA8EEAE9E289EA8EEAE9E289E289EA89EA89EA89E289E289E28EE2E9E289E28EE2EEEAE9EA89E28EEAE9EA89EA89EA89EA8EEAE9EA89E28EEAE9E28EEAE9E289EA89E289E289EA89EA89E28EEAE9E28EEAEEE2EEE2E9E28EE2E9E28EEAEEEAE9E289E289EA89E289E289E289EA89E289E28EE2E9EA89E289E289EA89E28EEAE9EA89E289E289E289E28EE2E9EA89E28EEAEEE2E9E289EA89E28EEAE9EA89E289EA89E28EEAEEEAE9E289EA89E289EA89EA89E28EE2EEE2E9E289EA89EA89EA8EEAEEEAE9E28EEAE9EA89EA89E289E289EA89E28EE2EEEAEEE2E9E28EE2E9EA89EA89E28EEAE9EA89EA89E289E289EA89EA89E289E28EEAEEE2EEEAE9EA89E289E289E289EA8EEAE9EA8EE2EEEAEEEAE9EA89E28EEAEEE2E9EA89E28EEAE9EA89EA89EA8EEAE9E289EA89EA89EA89EA89E289EA8EE2E9E289E289EA89E289EA89EA89EA89E28EEAEEEAE9EA8EE2E9E28EEAE9EA89E289E289EA8EEAE9EA89E289EA89E28EE2EEE2E9E289EA89E289EA89E289EA89E28EEAE9E289EA89E289EA89E289E289EA89E289E289EA89EA89E289EA89EA89E289E289EA89E289EA89E28EE2E9E289E289EA8EE2E9EA89E289E289EA8','MK','2026-11-23T09:26:00.000000+00:00');
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
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:27:00.000000+00:00');
CREATE TABLE influence (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('cryotherapy', 'topical treatment', 'pregnancy')),
        lesion INTEGER REFERENCES lesion (id),
        patient INTEGER REFERENCES patient (id),
        initials TEXT NOT NULL, time TEXT NOT NULL,
        CHECK ((lesion IS NULL) <> (patient IS NULL) AND (kind = 'pregnancy') = (patient IS NOT NULL))) STRICT;
INSERT INTO "influence" VALUES(1,'cryotherapy',1,NULL,'MK','2026-11-23T09:22:00.000000+00:00');
INSERT INTO "influence" VALUES(2,'pregnancy',NULL,1,'MK','2026-11-23T09:23:00.000000+00:00');
CREATE TABLE influence_detail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        influence INTEGER NOT NULL REFERENCES influence (id),
        since TEXT NOT NULL,
        until TEXT CHECK (until >= since),   -- the last day; null where it lasts, or its end is not known
        note TEXT NOT NULL,
        withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "influence_detail" VALUES(1,1,'2026-11-23','2026-11-23','10 s',0,'MK','2026-11-23T09:22:00.000000+00:00');
INSERT INTO "influence_detail" VALUES(2,2,'2026-05-07','2026-11-23','10 s',0,'MK','2026-11-23T09:23:00.000000+00:00');
INSERT INTO "influence_detail" VALUES(3,2,'2026-05-07','2026-11-23','',1,'AB','2026-11-23T09:24:00.000000+00:00');
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
INSERT INTO "origin" VALUES('b5dcc865b0df4bc1c826afb464ccb648','','2026-11-29T04:36:12.017000+00:00');
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
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:28:00.000000+00:00','absent','clear','H 26-1234');
INSERT INTO "outcome" VALUES(2,1,NULL,'histopathology','melanoma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:29:00.000000+00:00',NULL,NULL,NULL);
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
CREATE TABLE photograph_pin (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        x REAL CHECK (x BETWEEN 0 AND 1),
        y REAL CHECK ((x IS NULL) = (y IS NULL) AND y BETWEEN 0 AND 1),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "photograph_pin" VALUES(1,3,1,0.25,0.75,'MK','2026-11-23T09:25:00.000000+00:00');
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-29T04:36:12.022200+00:00',X'1E20E46EDD0C736F06025C1422251DE963745401A6A446215F3C2CC1C7AA9CE5',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'E58E3CAFA160E78DCD37AB9E0DC9554C9D7C14DB49646981F64D46658ABF9BC6','2026-11-29T04:36:12.022200+00:00',X'CFB171773204090665F4728EBE9696D2F473B37F08034F353C148D2009F1E3BC',X'1D71F0F696554783FD054D3763EB7735');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'A5C12C7D52BD3CA1EDB56EF91BB80539ECBB4E013A0CCD1843F9D4081C58CC430F88BB878EDE803A2E7CF3C1CA985D74949726BBD52D60BBD15149C6321FD7E60DD87FAA9791B2B4190BA6E8D1707F5070DA745E015C2CA0902EA91C64746D7D0D75E06F9C54DFC490D0A7A6775EE1AE245787DBA5E6EE7FB833DF422BC5132C','2026-11-29T04:36:12.050948+00:00',X'F0AB74BDD2AF31605D617F2B354278A1670091E81A0D40C6B552128F9CFACA55',X'09DBBA7C239E0511AFC1C3F7553C17024898E293C7073D32AAB54D658FECE2A03FE4BE9669C1932248C9A1A9BF197784E2A0DBE19CF73CF2B718D39536E51BF3');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'EC77E0A2C5EC43F9EB3560EF6662CC6FE7F0D7983DE70CC5095E869104EC6EF66A6482147B43A22A4728BD10B1A0FCE6E903E557BDE60A9A83B1C5C8E14F395B19080FB724227F873C51E30432FAE160E871B47F98C7A295B26DD58C8DFB28FD','2026-11-29T04:36:12.066714+00:00',X'5FD3D9C70C3B40B50B86672F4A399FD3B6422007F552F89F1EAEE5348ADDA4D0',X'23A52A5319CB43E76608A8BF08BA68B08D757966D77C3A3DF830D7792BFFDE57D4B571FD8EE455A18826C957B99B87BF');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'75C0A6019F3B438C613151F451D4D21FCB71B8322B43607DB27A0BDE3C30FA2525369D00A93E418F1BF42C74A9708F5A1832D343ACCA50D0EDD70E29CFE144A26AA3E58548211B7F76920A26EE4A01DAC3DD847E1A9174F1F064D9189BF09E83','2026-11-29T04:36:12.067556+00:00',X'DB7D258572F9996ADF2E5F3982876A760B95E3978C546BF75D835F025FC4C4DE',X'7577CE4107F1C903F9B1037D64B421657CC2F3A633BE3B792AF8FA0EAF97B640DA933ED0AEF3A247173FC112A9E8A2E5');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'9EDC5F89FFA865071AFA054166628DDCD2523A946A038F7372CEF21090293C04','2026-11-29T04:36:12.073725+00:00',X'3058B5AAD8EAB0C5335811C158A4EA4A2814C366FF7587CC4E7FF6027FD50D8A',X'0CCD563E38C15C8D1E3DF0A3323FA292');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'284C20152C9D62A623612AD1F2AF373822029970CF6D0582C8B7E49C917E984F','2026-11-29T04:36:12.078033+00:00',X'35EDE1A7A81F482A27E665E4C213747FCC4C7A2293151531ABFF2B2417A6BE05',X'700A2585466481531354082DC26633DC');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'CC79362F8221F19C99B071F996AA25F4AE6F7581399178EE13286F3D82AA4CB7','2026-11-29T04:36:12.084088+00:00',X'06F2D7DB6F41B12D69C29837A52F9B4DEAE088C440A2F96250A3867FE5A29FFD',X'C030526048036B948A2B704AA9E6BF7E');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'C1B830992F8782813FB707470E7026B62CFFB29C9F3FD1AD35F52A82216477CE','2026-11-29T04:36:12.094115+00:00',X'1694A5772866EE6A3D36606D0114ECB4A4FFCA2C25F2FFC8C4B263B7C5382AED',X'C9E8B66EA8F2F7677FEBEAF07F907484');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'D959E4781F027ACE52A09816B11DD995839F0906666ADE26338E344797DE33D4','2026-11-29T04:36:12.094933+00:00',X'369158FC3DAF8D4429D64E3EBCA878039C87EB6F2E6E3BE37E35BA285A9BF901',X'0FBF68290A6B44247EE931C97ED2F326');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'6F8BB167FFC619735464B89045FE8568D057FD48259F3FDC34DB354EE26409C5','2026-11-29T04:36:12.101933+00:00',X'AB99708A5BE0401ED4E9292224CE247F3FEEBED43034FCA09663CB9617749DB3',X'71A191896E155FE87338BEDCAC71F92F');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'E8C6EFD48ACEBD843E1578D125B1D19781C2070024B6487305830BC52F874BF38EFCED2D76F121B7C4B04CDE6E37646EA870397994F53001D93CAA6AEE9CF7F8','2026-11-29T04:36:12.103367+00:00',X'45850CA52A503E82AA5EAE23D6DE9F0194A854F64F09605A8FB6F0A6A0B2E9EA',X'D08FEBB2E49B8D47C07D35B4B490D6F3EDE8BE229ACEF3499EE15C964F54DF72');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'527D865E15B8519E1A4B7228ACDD61BFC726EA18D50BBC653E419DA9D7E5FAAA21E1F991054971519233BFA9583201EACE0FFA9283B474FD6366F48332D501F0','2026-11-29T04:36:12.106208+00:00',X'984CBDE821C269EBB32AC39F0BD0F8DFC06F258357759D64ADC26BD6A69E9703',X'3273F4E9AC303B506560F5930DD2504053D67D445CAD190A364A880BDC3D2B02');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'B43183297BA84C5B05044B16C212CF26A011838A56119C409D6555B5CBD6B2FB95552CB6010E598098688D072464CCA2A946CAE020C90E0C021619E94BDBEAE5','2026-11-29T04:36:12.113474+00:00',X'4287800DCEFB78D3D33EEB1C6BAB8892481AE401DFA6A8551E2BB9ED30319C0D',X'ADB3393698AB26810E299C746C60889356F3E88E90C6C369DB75CB31926B7080');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'1E9EDB88D7C17E772D9B35B525DA82E9B7EFEA199FE02FE0DD180A722C592F46','2026-11-29T04:36:12.121687+00:00',X'188566FFCA8336FECB19F60B8D7B34CC8C294190E3EA8170FF9289BB0D494B9C',X'14CD5DB40D241CAA8F4A8332269D86EB');
INSERT INTO "seal" VALUES(16,'insert assessment 1-1',X'BF51465F8055BDB6AB436FE79526F0EBF675412C8FE3AC2C003E3D1C578A840F','2026-11-29T04:36:12.126231+00:00',X'2050553384FCE600718F1A94F71DDB71940D76ECE5B9D04B2EE74F65009E2005',X'1D1D835C971F1D3BD403B2BEF9151F2E');
INSERT INTO "seal" VALUES(17,'insert care_step 1-1
insert audit 1-1',X'75374393D97D99BA764D9D5B09C45BFD12F66E7F2554EEA16F36360817F45A8B64DA76947C0023F597D5FF16317B5BAF43A2B6CF637DFCF342107A0354256ABB','2026-11-29T04:36:12.134382+00:00',X'96BA553CE4F56203529778AF8204EC78BD1827C2632E096819F7569DB4ACE326',X'C69AA13396B4BFB04AD01C38252D9F541F418ABCC3A82F7F74DC3A80F4C4F8F4');
INSERT INTO "seal" VALUES(18,'insert adjustment 1-1',X'C86E7E4591E63969CA2C64FEAA000D09932AF79B747CBBE8CF6077EF6603EF06','2026-11-29T04:36:12.141954+00:00',X'B0CAC24C415DB3964917881AE0DB18602E53624C805AC1586DED2F8B4DC3A95E',X'EDDA5E7B8CFF465A16B5D6D5FA102D9E');
INSERT INTO "seal" VALUES(19,'insert working_point 1-1',X'5B94FDBD2C2A260E3A0508CE20DACA9DEDA50D32992FBA2CF9C44606FEF6DBD6','2026-11-29T04:36:12.149949+00:00',X'3F9DABCE2D887552504D60E68E19EF2BF17A8E85855150D85DFC257D836BDBDC',X'C0ECCF81AD9175907E8D276DC682809A');
INSERT INTO "seal" VALUES(20,'insert audit 2-2',X'B668729A6351BFBFB7839C9F01FA5812C115F14D7CDAC9F34AAA0205EC0668E8','2026-11-29T04:36:12.155652+00:00',X'860C7CA82EF1B8F8B93987CB29AB47B3951106D8172C5076C522FE2355B5DBA6',X'9E78965258E1D8B4D7ACF926D0D4C7F1');
INSERT INTO "seal" VALUES(21,'insert alignment 1-1',X'72B15A6692C1ABDB74348087FC1B0B2122E3BBFAB2795EE9ACF3F89B394B40BB','2026-11-29T04:36:12.159928+00:00',X'41B2415E736CE0BBCB6F77D041E1C208E041BB7549D7443952DA14C198722539',X'BFFD2F114906E10FC646767023906B1B');
INSERT INTO "seal" VALUES(22,'insert image_capture 1-1',X'1588E0F95DDD2FC1CF72889BB770E4AF48AFE0A71202BC7252545AF21CD02D1B','2026-11-29T04:36:12.166711+00:00',X'E1246FB6406A12520700890808A983249EDA6CB980222BAE96BBA00F6E203523',X'0815FBC5E12239F6046DF2601286B625');
INSERT INTO "seal" VALUES(23,'insert image_outline 1-1',X'D2ED2A6E53426CC28D68064428CCB3610A2CC9016D755D5033E59FF2C6403DA1','2026-11-29T04:36:12.168208+00:00',X'4979307FB16BEFD164827E68A166289547820918965E7EAFD64C513723FB2637',X'1975A66804AEE74F7EFCF49A318B19AD');
INSERT INTO "seal" VALUES(24,'insert influence 1-1
insert influence_detail 1-1',X'9F3AA7F543285778E6CEDAF07567C81D82BED6B42602C457A0E1E86B712C0EC2AE6F5B03760A47F2D811F091EA398D0C7DEBACDA73F7DCD14E9623007C7542B9','2026-11-29T04:36:12.174010+00:00',X'12CED602C04D3EE3C9670E82187139E76009075AE83B60B171A791A11FFF0575',X'2538ACF85577621CB76C63A46E186F0DDEACE5826E367E8349CEC6B012852C3D');
INSERT INTO "seal" VALUES(25,'insert influence 2-2
insert influence_detail 2-2',X'B0CB9550CD2E3B322881B5DCF665343B72D9CAFB6EE241225B790D1CB321641C7C0810380429AE195354DE35BB1CD3239D6FCF9D7383C77A94F6706731CF3B3A','2026-11-29T04:36:12.174759+00:00',X'4AEA5A3A7F4B204C7BFDAE57EE6EFFCD0A77A10562F14E57F4193210856253B6',X'14AFBEE403B1E1C0F55BA9AC0FFAA99860DED01BA648B6397C5AFDE84D9DB630');
INSERT INTO "seal" VALUES(26,'insert influence_detail 3-3',X'D19861BC023068ABC2F97C83861D6C8C0C34A70AC603D75360E8A5EDDC8D431A','2026-11-29T04:36:12.177851+00:00',X'4802B984C1C3ABBD26F14A5C1C992FD1C7E323331BFC9A7B25D94B003BB127E2',X'45EB6676DE2F6B55AA719B6B82F0AEA2');
INSERT INTO "seal" VALUES(27,'insert photograph_pin 1-1',X'2FD5680F0A2A9C5E54E3AD23949BCCEFB97E7DDD098317CCAAC08DC1EE0C60A9','2026-11-29T04:36:12.183404+00:00',X'87797FE7303237763764C80766E0695BA499D8049672C382C7ED8FFB226E59D3',X'71442DE71F2F9F73E1230FD856E3FE9F');
INSERT INTO "seal" VALUES(28,'insert embedding 1-1',X'9A70770D50B261D85BD7CEB61A79CE019AC06ADD4363A31517F18F77C4391064','2026-11-29T04:36:12.188720+00:00',X'495DEBC49A2FBFB6CAE1D880D9E99F32C6163A5010B7E28959FBF7E8003B89D6',X'FC861F613D7AF18E027DE51BE37511D1');
INSERT INTO "seal" VALUES(29,'insert image_scale 1-1',X'3CEAC76A44D26E6C80C593962CF176B2FC00D0BE2C71ED51D9F4E3FB8B4D4B58','2026-11-29T04:36:12.193873+00:00',X'B8E51BB1627C0265A3282EF327D14F7162D7B12318EA6C531F76A1AC063D6271',X'5240211252B3171B0E8D9F9C9E9E619C');
INSERT INTO "seal" VALUES(30,'insert outcome 1-1',X'3C42FA6CAD4EEE76C330930872B76CB5CBE1CD90F9419097972FDDC141A53DA2','2026-11-29T04:36:12.202219+00:00',X'C0CFCF8CB01D202BD3DD6EF31BE29F41BF96900D6F17ACD461E47EFA1D87BDE8',X'87043EEB856375CC8F9261007CCB00C2');
INSERT INTO "seal" VALUES(31,'insert outcome 2-2',X'0B0FA3D67D7F1E4250AE9B6B09B775D05976EFE9F7943E7C4DCF95C308E80663','2026-11-29T04:36:12.205931+00:00',X'BDC28237BA6C104704DE362CDC2A685AF4EBB75068D70424C9DEC38B764E16EC',X'544CB7C2AD0948CCD06B13622523DC1D');
INSERT INTO "seal" VALUES(32,'insert binning 2-2',X'8D6F1DE218D20F7BE95C70A6210E22D3500C3D3844FC0AA45CE8BA74BB3E4B37','2026-11-29T04:36:12.214029+00:00',X'EC7E6BB64EE8749222BA1F2DE907034C4C3F574FDB7610ABBF39C48D6FE21A08',X'36B8A27FF92FC9811264D0FB84942EC1');
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
CREATE INDEX influence_lesion ON influence (lesion) WHERE lesion IS NOT NULL;
CREATE INDEX influence_patient ON influence (patient) WHERE patient IS NOT NULL;
CREATE INDEX influence_detail_now ON influence_detail (influence, id);
CREATE INDEX photograph_pin_now ON photograph_pin (image, lesion, id);
CREATE INDEX photograph_pin_lesion ON photograph_pin (lesion);
CREATE TRIGGER influence_is_never_changed BEFORE UPDATE ON influence
            BEGIN SELECT RAISE(ABORT, 'a row of influence is never changed'); END;
CREATE TRIGGER influence_is_never_deleted BEFORE DELETE ON influence WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of influence is never deleted'); END;
CREATE TRIGGER influence_detail_is_never_changed BEFORE UPDATE ON influence_detail
            BEGIN SELECT RAISE(ABORT, 'a row of influence_detail is never changed'); END;
CREATE TRIGGER influence_detail_is_never_deleted BEFORE DELETE ON influence_detail WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of influence_detail is never deleted'); END;
CREATE TRIGGER photograph_pin_is_never_changed BEFORE UPDATE ON photograph_pin
            BEGIN SELECT RAISE(ABORT, 'a row of photograph_pin is never changed'); END;
CREATE TRIGGER photograph_pin_is_never_deleted BEFORE DELETE ON photograph_pin WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of photograph_pin is never deleted'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('seal',32);
INSERT INTO "sqlite_sequence" VALUES('image',3);
INSERT INTO "sqlite_sequence" VALUES('image_place',3);
INSERT INTO "sqlite_sequence" VALUES('prediction',3);
INSERT INTO "sqlite_sequence" VALUES('binning',2);
INSERT INTO "sqlite_sequence" VALUES('disclosure',1);
INSERT INTO "sqlite_sequence" VALUES('batch_run',1);
INSERT INTO "sqlite_sequence" VALUES('batch_row',1);
INSERT INTO "sqlite_sequence" VALUES('batch_end',1);
INSERT INTO "sqlite_sequence" VALUES('batch_shown',1);
INSERT INTO "sqlite_sequence" VALUES('patient',1);
INSERT INTO "sqlite_sequence" VALUES('patient_detail',1);
INSERT INTO "sqlite_sequence" VALUES('visit',1);
INSERT INTO "sqlite_sequence" VALUES('visit_detail',1);
INSERT INTO "sqlite_sequence" VALUES('lesion',1);
INSERT INTO "sqlite_sequence" VALUES('lesion_detail',1);
INSERT INTO "sqlite_sequence" VALUES('image_detail',1);
INSERT INTO "sqlite_sequence" VALUES('assessment',1);
INSERT INTO "sqlite_sequence" VALUES('care_step',1);
INSERT INTO "sqlite_sequence" VALUES('audit',2);
INSERT INTO "sqlite_sequence" VALUES('adjustment',1);
INSERT INTO "sqlite_sequence" VALUES('working_point',1);
INSERT INTO "sqlite_sequence" VALUES('alignment',1);
INSERT INTO "sqlite_sequence" VALUES('image_capture',1);
INSERT INTO "sqlite_sequence" VALUES('image_outline',1);
INSERT INTO "sqlite_sequence" VALUES('influence',2);
INSERT INTO "sqlite_sequence" VALUES('influence_detail',3);
INSERT INTO "sqlite_sequence" VALUES('photograph_pin',1);
INSERT INTO "sqlite_sequence" VALUES('embedding',1);
INSERT INTO "sqlite_sequence" VALUES('image_scale',1);
INSERT INTO "sqlite_sequence" VALUES('outcome',2);
COMMIT;
