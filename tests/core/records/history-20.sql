PRAGMA application_id = 1280075118;
PRAGMA user_version = 20;
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
INSERT INTO "adjustment" VALUES(1,3,'60-69','female','','{"nevus":0.9}','[]',NULL,NULL,'MK','2026-11-23T09:17:00.000000+00:00');
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
INSERT INTO "alignment" VALUES(1,3,1,0.5,0.25,20.0,10.0,1,21,30,'MK','2026-11-23T09:20:00.000000+00:00');
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
INSERT INTO "assessment" VALUES(1,1,1,NULL,1,'nevus',NULL,'','biopsy or excision',NULL,'','MK','2026-11-23T09:14:00.000000+00:00',0,'changed');
CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        action TEXT NOT NULL,          -- an id of `audit.Action`
        patient INTEGER,
        image INTEGER,
        detail TEXT NOT NULL,          -- JSON: what matters of the act; never a name or a path
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "audit" VALUES(1,'step recorded',1,NULL,'{"step":"biopsy taken","person":"MK","lesion":1,"care step":1}','MK','2026-11-23T09:16:00.000000+00:00');
INSERT INTO "audit" VALUES(2,'patient opened',1,NULL,'{}','MK','2026-11-23T09:19:00.000000+00:00');
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
INSERT INTO "binning" VALUES(2,'outcome',2,1,'MK','2026-11-23T09:32:00.000000+00:00','wrong lesion');
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
INSERT INTO "care_step" VALUES(1,'biopsy taken',1,NULL,NULL,'2026-11-23','MK','punch, 4 mm','MK','2026-11-23T09:15:00.000000+00:00');
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
INSERT INTO "embedding" VALUES(1,3,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,1,X'EE2E9EA8EEAEEEAE9EA89E28EE2E9E28EE2EEE2E9E289EA89EA89EA89E289EA89EA89EA89EA89EA89E289E289E28EE2E9E289E289EA89EA89EA89EA89EA89E289E289EA89E289EA8EEAE9E289E289EA8EEAE9E289EA8EEAE9E289E289EA89EA89EA89E289E289E28EE2E9E289E28EE2EEEAE9EA89E28EEAE9EA89EA89EA89EA8EEAE9EA89E28EEAE9E28EEAE9E289EA89E289E289EA89EA89E28EEAE9E28EEAEEE2EEE2E9E28EE2E9E28EEAEEEAE9E289E289EA89E289E289E289EA89E289E28EE2E9EA89E289E289EA89E28EEAE9EA89E289E289E289E28EE2E9EA89E28EEAEEE2E9E289EA89E28EEAE9EA89E289EA89E28EEAEEEAE9E289EA89E289EA89EA89E28EE2EEE2E9E289EA89EA89EA8EEAEEEAE9E28EEAE9EA89EA89E289E289EA89E28EE2EEEAEEE2E9E28EE2E9EA89EA89E28EEAE9EA89EA89E289E289EA89EA89E289E28EEAEEE2EEEAE9EA89E289E289E289EA8EEAE9EA8EE2EEEAEEEAE9EA89E28EEAEEE2E9EA89E28EEAE9EA89EA89EA8EEAE9E289EA89EA89EA89EA89E289EA8EE2E9E289E289EA89E289EA89EA89EA89E28EEAEEEAE9EA8EE2E9E28EEAE9EA89E289E289EA8EEAE9EA89E289EA89E28EE2EEE2E9E289EA89E289EA89E289EA89E28EEAE9E289EA89E289EA89E289E289EA89E289E289EA89EA89E289EA89EA89E289E289EA89E289EA89E28EE2E9E289E289EA8EE2E9EA89E289E289EA8','MK','2026-11-23T09:27:00.000000+00:00');
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
INSERT INTO "image_capture" VALUES(1,3,'Scope','contact','polarised','MK','2026-11-23T09:21:00.000000+00:00');
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
INSERT INTO "image_outline" VALUES(1,3,'[[10,10],[90,10],[50,80.5]]','MK','2026-11-23T09:22:00.000000+00:00');
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
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:28:00.000000+00:00');
CREATE TABLE influence (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('cryotherapy', 'topical treatment', 'pregnancy')),
        lesion INTEGER REFERENCES lesion (id),
        patient INTEGER REFERENCES patient (id),
        initials TEXT NOT NULL, time TEXT NOT NULL,
        CHECK ((lesion IS NULL) <> (patient IS NULL) AND (kind = 'pregnancy') = (patient IS NOT NULL))) STRICT;
INSERT INTO "influence" VALUES(1,'cryotherapy',1,NULL,'MK','2026-11-23T09:23:00.000000+00:00');
INSERT INTO "influence" VALUES(2,'pregnancy',NULL,1,'MK','2026-11-23T09:24:00.000000+00:00');
CREATE TABLE influence_detail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        influence INTEGER NOT NULL REFERENCES influence (id),
        since TEXT NOT NULL,
        until TEXT CHECK (until >= since),   -- the last day; null where it lasts, or its end is not known
        note TEXT NOT NULL,
        withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "influence_detail" VALUES(1,1,'2026-11-23','2026-11-23','10 s',0,'MK','2026-11-23T09:23:00.000000+00:00');
INSERT INTO "influence_detail" VALUES(2,2,'2026-05-07','2026-11-23','10 s',0,'MK','2026-11-23T09:24:00.000000+00:00');
INSERT INTO "influence_detail" VALUES(3,2,'2026-05-07','2026-11-23','',1,'AB','2026-11-23T09:25:00.000000+00:00');
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
INSERT INTO "origin" VALUES('1bbaaa1a908fc25a4843cfe5831a8b16','','2026-11-29T08:31:30.286000+00:00');
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
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma','dermatofibroma',NULL,'2026-11-23','','MK','2026-11-23T09:29:00.000000+00:00','absent','clear','H 26-1234');
INSERT INTO "outcome" VALUES(2,1,NULL,'histopathology','melanoma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:31:00.000000+00:00',NULL,NULL,NULL);
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
INSERT INTO "photograph_pin" VALUES(1,3,1,0.25,0.75,'MK','2026-11-23T09:26:00.000000+00:00');
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-29T08:31:30.287094+00:00',X'354BD003595FA57ED7072D39F51EB9A05BD84697F91F26B7A8D4D02895ECC8B2',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'622E76BB401C821C23E55E608EAA194ADACDF7553477353578F91C6E286E0238','2026-11-29T08:31:30.287094+00:00',X'E7AF07B8C5554F0FB6C79FA69F245885D407B7709C56EA8BE1EA9859EC4B09E1',X'B4C559F0FDAA7A73EB7423C5FBFFA765');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'21594B4DBADBFDF6252CE1B987780669BEA48BFA60FC6EF5BD1097615D68EBBE15588F02727948154E5684E66FFECFBAD376CF3597140D862100504521D92E042DE276D360AF1A19B03E41E836FE95909AAD6B391F85FB4FEF31DDDBC7E059EAC73167E320834309D5E88E7C0322198279583021BC102D1EB12F6E93758F5F8A','2026-11-29T08:31:30.297239+00:00',X'48C83C4438D0CE7CC73D55D9D07E197BBB1B3EBA97D35DA1DCF7F31605CF55D1',X'E77D6689E25D5B0365FA0491C5AD528D44DAFAEDE278F9B19A83365E8C2D4E37EE77A357FC1AA55508A176384AD74E1F4149A2F4CCB1F2D72B54B609764D7D97');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'1147492C75B4B07DB8009A2DAD843FA78BDB4B1B560AB48CB3651A2FB03C0D3256F478468F9F9AA6F55CE2CFCFF859A2221E60F17E44F760C6C194EF1C28C16A5865502F1FBBF3CFD92BC78BFE2A3E101223A241CAB2E066DA2B7B3EDCA6F747','2026-11-29T08:31:30.302899+00:00',X'F593D4B6B78E2DCC5FA4F85CD2E3827B6EB71EB8E2D798F6CCF00117AA62DBC1',X'307B5AF510D4417C0569E7706B28295B7EF91C6ED6A50E7F8DA989B06E35F0D3FE1CD56D1041BE9057986F8E05B1EC13');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'B4B15540144DC8A1724F499D44E238FD76C88E105C76D48617205AFA9F2C09DDEF1D7750A54791D72E4696C69565A1A43CDAA956E6374A3E9738AF71E7F2DA64EA02EE26C7A4E9C81577A52BF664FA96CC8E24A82DE32DE8D803EB2A79FD0B0C','2026-11-29T08:31:30.318159+00:00',X'AA5E2ACCD95D27524357B053965290BBF47ECDFB5A9C5B5AFD2271B4EBAB55A4',X'C3C5C15ED43F7EFA6022CEC98E66CF4844697D514CDD7B7F2506E872E90D1AF7A8A98CF51FD1F7393D509D42C9A50BC3');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'29244EBDFE073C3A0A0DA1511ACFCF87F2591FEC0923CC1CF735B4038D0B258C','2026-11-29T08:31:30.326202+00:00',X'7D9517005A3B90B25A27F413AAEB17ABDB5CE49D973028DA8169818561BC4D91',X'1F2787D665417B5292AE39B060E21E43');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'A48987F7DF9956B4E9324D4A7C7AE2AD6E94A5703BEA6A8066B9566D47582620','2026-11-29T08:31:30.330290+00:00',X'37A1DA3893BA29CC1E40CE7E6A4D4A424CADF0ACED367EBB150B8DDC275848E4',X'69B41644DCC5F33B59AB27672D7E9F58');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'33AC0D8E011F7841C05E9C8358B972F8FA8563C57B667D7146416F57D938A888','2026-11-29T08:31:30.341337+00:00',X'0A35529B707258CD7C6DC1E49A32D88ADB97C34B1CCD4015DA5D5A5E9647BC3F',X'D60D348BBC4BBACA761F799492E9791A');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'3C43834667358A03CEA1AC550AE26A3BB85E69B4F775365CFEEBC4FE9C2A0A79','2026-11-29T08:31:30.354305+00:00',X'772D4BB4D0DA1FCE86858C8E0373AF199BD35D34D2E6FE3882009E8EE73752D1',X'898713BE80896E32CF8D98C1CD17FECD');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'4066E0F592F39187F196FE0B95BDD2998F40D482F832270B6A88E84D6E8DE597','2026-11-29T08:31:30.366353+00:00',X'3F14B8FB19BCA33891FA675159B700EB25CE73D85E88719FE9349C126AE2C0CF',X'6C3BD8C9EA6A378059851F53AA0F7EAA');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'14D115BCA2E09A6281B57A75ADAD2D8191AF5526BE14ADBE7579FBA59A7F4191','2026-11-29T08:31:30.368634+00:00',X'0D51FFF16B5DF227C437F96BB2129606BF1E1B20EBFCAB12CA62B1BE99AE6F18',X'6A29A6160EE4E3D1D946E9E0269F57C3');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'A5C2A73A3D8413EF22B23F9C29EDFF8697EDA5F94105D23BEC5883118640588F977A58EDF474BD4734E176B3906F1C7650BAB83F3EA0FAB2B88D46F0E64D9404','2026-11-29T08:31:30.380590+00:00',X'ADA274573B97122B3ACEE006E66C89C80238083F788847DEEAA26E604C0D9E65',X'538CA7DAC3BED7105F248640EBB9DB6CE6B023A6FEFE087F31EE3006FB66F228');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'1888269909A4FB17F5F3DB1552B341776278F3D1B2ED3615D11678DB9D4B965BF2A83803F9E5D6844032AE1B8CA72EFEFDBF0891A7CD3263139FADD152B29A02','2026-11-29T08:31:30.390217+00:00',X'FD509B14ED4E2BAF488FFFEEC9FD7A6975FD56DC3FBF6F7285EFAE1514951C56',X'6558CED3A661E5DA5EAB05E74762D0ED7BF0996902840C7301D52180FF68325F');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'573122EC1AABC02829EF57F52B23C0B0022584A52FF3B96DFFC38C6F2B2141777062A88D835C7B703D1CF814A4900BC8F0DAC4EABF14230BC7CC5BB37A44CECD','2026-11-29T08:31:30.396528+00:00',X'DBB6CB5ED3DE741C040CF5377A847DC30C9166A52BB71162DB3B508D3DE781C6',X'F31F2CDC41CCFD653091EA743A1F8BAD56B9A66D62B1F838066620BFE2A98793');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'B120019911BE11CD385027646337F1AE73B28C99D972538D53D25C9866523F51','2026-11-29T08:31:30.407305+00:00',X'0C3DA0ACCFB1C1EEFF0857E58B7B4A3EC02D5419279ADF97DA9D85A3F5FD6D18',X'6C8E0E13CBDA30F839701BC687BEAF21');
INSERT INTO "seal" VALUES(16,'insert training_use 1-1',X'F4EA8243F1E6CF1D949DAE9CD680DC8A65892C58DA5449763645F97D948C895E','2026-11-29T08:31:30.422068+00:00',X'C65F4F8810E7B4BE15F475F08902C7102F55D9FFDF344524FA7D337651122B23',X'7DD723CFB8FEA889BAEC5E4636B33760');
INSERT INTO "seal" VALUES(17,'insert assessment 1-1',X'AE152CFACF0D05641BFE5C67894D1A6E8511C81A2C828864AD848A7C211D4EFE','2026-11-29T08:31:30.430327+00:00',X'A01832D772D8453156EAA3AA15BA4BF7BC358B764D2777BB12C2B3DA21463C6A',X'D424617D622833DDBF06678729EEED86');
INSERT INTO "seal" VALUES(18,'insert care_step 1-1
insert audit 1-1',X'30DE12727738D5C32448CB8E816B5ACA7043EEE1DDF9C3A4484ED0314CFB0435ABCB58B1166AC012B7B09F93F4BBFE3AB8F214037E5E3F60C2748F2C1DF27A3E','2026-11-29T08:31:30.438700+00:00',X'D24F29EAA3A63ABEBD23B6815BA2F7F0A966621EE146629A95F87121BE0E09C3',X'493E60B805A9E79633EBF24C4E11C49F3D23F8F854FF3A53BDF240BA8C9AB0A8');
INSERT INTO "seal" VALUES(19,'insert adjustment 1-1',X'0F031055306EFAD0DB9B61A4849DBEF509D1FE900268F0D25232DA7BDD978113','2026-11-29T08:31:30.446061+00:00',X'8D2FE05B11D4400BDC9BBF440DF593B54DD6A8FB3DE3E642783309CC4D2EAB49',X'572C5B608AC1F541D6BB247EAF249256');
INSERT INTO "seal" VALUES(20,'insert working_point 1-1',X'313401AB1FF4A8CC5766B53F160C8435119A1AB87CBC5567CFCBED1A6B00094C','2026-11-29T08:31:30.454056+00:00',X'E67D5B621158FF8B665258D29E72BAD4E9CA564CFBF56C880B4DE2BAFC32E5B0',X'0811728A3741D20D72CAD81003AEB5FE');
INSERT INTO "seal" VALUES(21,'insert audit 2-2',X'81BFF93750ED0E6A2AA0FDB485C67A6FD470B8583721D21A4288E9FCEAFCF27E','2026-11-29T08:31:30.458084+00:00',X'FEA49ACBE1472AEE68611251A2931E2DFEFEB353297521F59EC783AEF209DA9F',X'27B6B28FFC306140E96B486CFA41AECA');
INSERT INTO "seal" VALUES(22,'insert alignment 1-1',X'5BC5B6ECEB7E63918A57E8D2717DAD9050D79FEDF454288E6DCA5C6C64B11B87','2026-11-29T08:31:30.472225+00:00',X'415A659E7191582C69FE932C71BAF4A4A22D5B73E1335B924A330A7F50401CB6',X'8DC8440830404579F2E4E5F6C9C95DD3');
INSERT INTO "seal" VALUES(23,'insert image_capture 1-1',X'8972D0C7C5A1F13079FF79F7089F96F4D2A223E4218518BE0777253233EEF4A4','2026-11-29T08:31:30.486996+00:00',X'1FA0B995EEAF41A3837E2DACAA58227DD8A9E0A05418C83C99DCEE2EC47B8F77',X'CC31F230DAABF2FDE748B865EB2215AB');
INSERT INTO "seal" VALUES(24,'insert image_outline 1-1',X'5927AFD255112FA71F69D605982B37560CEAD97F0934AD6F13A2F6E89983DE6B','2026-11-29T08:31:30.495066+00:00',X'A5771EB3F64693E31FBDBB49F9C68864032B2CB3EEB7F6294DB2B5109F290408',X'A57DA8063D1CAB7045A0E2EBA0C80BFF');
INSERT INTO "seal" VALUES(25,'insert influence 1-1
insert influence_detail 1-1',X'D7BD36DA313AD31AA9F8C62E6225AA533F74975E4A0F570D7E8C15388C7194E59DB9F2C5CF0625D454152CED29734A1343115CE47EEBC9C225EAB645D79917B5','2026-11-29T08:31:30.502132+00:00',X'66F09D09447A8AC71C4B4006282E1136B069AAA336783CF536343CBAFA4EA2C8',X'1F6A582BF86A6E35EAE60C309B86CC622190113A1BA5EF280A90255C53E4FE10');
INSERT INTO "seal" VALUES(26,'insert influence 2-2
insert influence_detail 2-2',X'B44D0904191AE1F584EB1D2B4E178C77FBE4C7946DC4EF78C6F59C3EA734A1465D8763854F2649E06A72B9D63EDD3AB7683225E9B2A69C823F8271058548C228','2026-11-29T08:31:30.508242+00:00',X'33E4D1BAEFBF9FD8F8741AF400B272E0DE4F9B3D223A2A3AF645D55262DE8609',X'C7E372DE936393A55A3AE77372A5F196B15EFD913E9698F4CD589DBD0618AB86');
INSERT INTO "seal" VALUES(27,'insert influence_detail 3-3',X'6919E8746E16DBA5646F404B61C88D94787EFDC5A1BF150AFE70D406A87331FE','2026-11-29T08:31:30.518116+00:00',X'00D7642203AAC8003D83C86A6B59D2AF3BBA703D9B341C12DCD6BE843F9C235F',X'10A74649F1190D010BB3A94469617FAE');
INSERT INTO "seal" VALUES(28,'insert photograph_pin 1-1',X'144833303C093A8525F8C1E9A1E000E83DAA268508377A46870F56492CB2547B','2026-11-29T08:31:30.532348+00:00',X'5BB944B484C98CA04B8DE1D5763183B941B03809A1594A6C8CD6140DBF600B24',X'E9D40134E16456E78C1677C1ECEDDC3B');
INSERT INTO "seal" VALUES(29,'insert embedding 1-1',X'7C901B2D779B184303599FC5A5E09A470985C03186FD465BCF3C89A56634E708','2026-11-29T08:31:30.558764+00:00',X'61145079CA38F8223BCB7C906A365DE4F87B8680F36116EC6103C8F233F69C7B',X'7444CDDAFA91B814278AC0C678BC4D9F');
INSERT INTO "seal" VALUES(30,'insert image_scale 1-1',X'6BEDC91ADE7FE89F76841E8517EB778A3CB4AA9C1B1FC78192E4AD85CAF9679F','2026-11-29T08:31:30.561521+00:00',X'AEBFAF18E96C3C65463CBB1C853C22C244BA0099BF1059102DDB48941036EEF2',X'064301C6C8657B6401B60102BE9C5464');
INSERT INTO "seal" VALUES(31,'insert outcome 1-1',X'A3AC248237F65A09846EC4666078276CE88659D25D713A01EC923C6452796D18','2026-11-29T08:31:30.565237+00:00',X'B756E8966D12E4FA8C8669C0142931E5E79CA12A1C7803BF7CDFD9F11CB211D3',X'9DA1D881691FD238CFDADEE0B60B77BF');
INSERT INTO "seal" VALUES(32,'insert training_export 1-1
insert training_split 1-1',X'73F10283303BC392140941829CF3207C0286E788AE8DBDD8B805B58E5C2D10577F54AE0A07FA44460955B2FDAA94C02549A057A055AB56A946094DA170AF6956','2026-11-29T08:31:30.594471+00:00',X'11FB898F3B06EED99D8FE27A51DAEDACA25348A1D0EE08531F432DAFA87C9F3C',X'8AA949BDA12B0CBB45D573582E2282B009EDD6D5E72F69E46B4FAF3C108FA00E');
INSERT INTO "seal" VALUES(33,'insert outcome 2-2',X'F61026537CD67DC218C39E0ABB084E407386EC7D1875DC3CC9DCD7681E89D3C9','2026-11-29T08:31:30.598610+00:00',X'79866CC09A3D8C6AEABD671E7094924E906AB83DDF6DD0D1A086D5B37DBA0F5B',X'A1DD8EA6CCE1D23E5E4B641FAEB76BA0');
INSERT INTO "seal" VALUES(34,'insert binning 2-2',X'2D63833F051627D7CD4E8392A7B0D1F94C753174BEB53C3D40DF7E9C36A943AA','2026-11-29T08:31:30.599769+00:00',X'DA6A0620F952FFB39C3EE09CFEFAD06D91EAADAC339724B4806F2F4E5BACBA3D',X'7266BA6F605C7BED13A8B04881AB365E');
CREATE TABLE training_export (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        model TEXT NOT NULL CHECK (length(model) = 64),  -- SHA-256 of the model file that is to be improved
        salt TEXT NOT NULL CHECK (length(salt) = 64),    -- of the names of patients and lesions; that of the first export
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "training_export" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','5555555555555555555555555555555555555555555555555555555555555555','MK','2026-11-23T09:30:00.000000+00:00');
CREATE TABLE training_split (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        export INTEGER NOT NULL REFERENCES training_export (id),
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        split TEXT NOT NULL CHECK (split IN ('train', 'test')),
        initials TEXT NOT NULL, time TEXT NOT NULL,
        UNIQUE (export, lesion)) STRICT;
INSERT INTO "training_split" VALUES(1,1,1,'test','MK','2026-11-23T09:30:00.000000+00:00');
CREATE TABLE training_use (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        patient INTEGER NOT NULL REFERENCES patient (id),
        allowed TEXT CHECK (allowed IN ('no', 'yes')),   -- null where the answer was taken back: not asked
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "training_use" VALUES(1,1,'yes','MK','2026-11-23T09:13:00.000000+00:00');
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
INSERT INTO "working_point" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','melanoma',0.95,0.98,'high-risk clinic','MK','2026-11-23T09:18:00.000000+00:00');
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
CREATE INDEX training_use_now ON training_use (patient, id);
CREATE INDEX training_split_of ON training_split (lesion);
CREATE TRIGGER training_use_is_never_changed BEFORE UPDATE ON training_use
            BEGIN SELECT RAISE(ABORT, 'a row of training_use is never changed'); END;
CREATE TRIGGER training_use_is_never_deleted BEFORE DELETE ON training_use WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of training_use is never deleted'); END;
CREATE TRIGGER training_export_is_never_changed BEFORE UPDATE ON training_export
            BEGIN SELECT RAISE(ABORT, 'a row of training_export is never changed'); END;
CREATE TRIGGER training_export_is_never_deleted BEFORE DELETE ON training_export WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of training_export is never deleted'); END;
CREATE TRIGGER training_split_is_never_changed BEFORE UPDATE ON training_split
            BEGIN SELECT RAISE(ABORT, 'a row of training_split is never changed'); END;
CREATE TRIGGER training_split_is_never_deleted BEFORE DELETE ON training_split WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of training_split is never deleted'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('seal',34);
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
INSERT INTO "sqlite_sequence" VALUES('training_use',1);
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
INSERT INTO "sqlite_sequence" VALUES('training_export',1);
INSERT INTO "sqlite_sequence" VALUES('training_split',1);
COMMIT;
