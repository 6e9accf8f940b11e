PRAGMA application_id = 1280075118;
PRAGMA user_version = 22;
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
INSERT INTO "audit" VALUES(3,'step recorded',1,NULL,'{"step":"looked again","person":"AB","lesion":1,"looked again":1}','MK','2026-11-23T09:31:00.000000+00:00');
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
INSERT INTO "binning" VALUES(2,'outcome',2,1,'MK','2026-11-23T09:37:00.000000+00:00','wrong lesion');
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
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:33:00.000000+00:00');
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
CREATE TABLE look_again (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        model TEXT NOT NULL REFERENCES model (sha256),
        alerts TEXT NOT NULL,          -- JSON: ids of the alerts that it raises
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "look_again" VALUES(1,3,'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','["melanoma"]','MK','2026-11-23T09:29:00.000000+00:00');
CREATE TABLE looked_again (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        step TEXT NOT NULL CHECK (step IN ('looked again')),
        look_again INTEGER NOT NULL REFERENCES look_again (id),
        day TEXT,                      -- null where the step was taken back
        person TEXT NOT NULL,          -- the initials of whoever did it
        note TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "looked_again" VALUES(1,'looked again',1,'2026-11-23','AB','unchanged','MK','2026-11-23T09:30:00.000000+00:00');
CREATE TABLE model (sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), name TEXT NOT NULL, contract TEXT NOT NULL, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "model" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Test model','{"version":1,"name":"Test model","date":"2026-11-23","intended_use":"demonstration","licence":"Apache-2.0","labels":[{"id":"actinic_keratosis","name":"Actinic keratosis","malignancy":"precursor","remark":""},{"id":"basal_cell_carcinoma","name":"Basal cell carcinoma","malignancy":"malignant","remark":""},{"id":"dermatofibroma","name":"Dermatofibroma","malignancy":"benign","remark":""},{"id":"melanoma","name":"Melanoma","malignancy":"malignant","remark":""},{"id":"nevus","name":"Nevus","malignancy":"benign","remark":""},{"id":"pigmented_benign_keratosis","name":"Pigmented benign keratosis","malignancy":"benign","remark":""},{"id":"seborrheic_keratosis","name":"Seborrheic keratosis","malignancy":"benign","remark":""},{"id":"squamous_cell_carcinoma","name":"Squamous cell carcinoma","malignancy":"malignant","remark":""},{"id":"vascular_lesion","name":"Vascular lesion","malignancy":"benign","remark":""}],"input_size":32,"fit":"stretch","preprocessing_version":1,"architecture":{"name":"mean colour","parameters":36,"layers":[{"name":"probabilities","kind":"Dense","output_shape":[9],"parameters":36}]},"training_data":{"sources":["drawn"],"licence":"Apache-2.0","fingerprint":"0000000000000000000000000000000000000000000000000000000000000000","label_counts":{"actinic_keratosis":1,"basal_cell_carcinoma":1,"dermatofibroma":1,"melanoma":1,"nevus":1,"pigmented_benign_keratosis":1,"seborrheic_keratosis":1,"squamous_cell_carcinoma":1,"vascular_lesion":1}},"groups":[],"flags":[],"novelty_threshold":null,"certainty_threshold":null,"calibration_mix":null,"figures":[],"effective_resolution":null,"quality":null,"certainty_test":null,"novelty_test":null,"reliability":[],"recalls":[],"limits":[],"alerts":[],"prior_test":null,"context":null,"outline":null,"recalibration":null}','MK','2026-11-23T09:00:00.000000+00:00');
INSERT INTO "model" VALUES('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','Other model','{"version":1,"name":"Other model","date":"2026-11-23","intended_use":"demonstration","licence":"Apache-2.0","labels":[{"id":"actinic_keratosis","name":"Actinic keratosis","malignancy":"precursor","remark":""},{"id":"basal_cell_carcinoma","name":"Basal cell carcinoma","malignancy":"malignant","remark":""},{"id":"dermatofibroma","name":"Dermatofibroma","malignancy":"benign","remark":""},{"id":"melanoma","name":"Melanoma","malignancy":"malignant","remark":""},{"id":"nevus","name":"Nevus","malignancy":"benign","remark":""},{"id":"pigmented_benign_keratosis","name":"Pigmented benign keratosis","malignancy":"benign","remark":""},{"id":"seborrheic_keratosis","name":"Seborrheic keratosis","malignancy":"benign","remark":""},{"id":"squamous_cell_carcinoma","name":"Squamous cell carcinoma","malignancy":"malignant","remark":""},{"id":"vascular_lesion","name":"Vascular lesion","malignancy":"benign","remark":""}],"input_size":32,"fit":"stretch","preprocessing_version":1,"architecture":{"name":"mean colour","parameters":36,"layers":[{"name":"probabilities","kind":"Dense","output_shape":[9],"parameters":36}]},"training_data":{"sources":["drawn"],"licence":"Apache-2.0","fingerprint":"0000000000000000000000000000000000000000000000000000000000000000","label_counts":{"actinic_keratosis":1,"basal_cell_carcinoma":1,"dermatofibroma":1,"melanoma":1,"nevus":1,"pigmented_benign_keratosis":1,"seborrheic_keratosis":1,"squamous_cell_carcinoma":1,"vascular_lesion":1}},"groups":[],"flags":[],"novelty_threshold":null,"certainty_threshold":null,"calibration_mix":null,"figures":[],"effective_resolution":null,"quality":null,"certainty_test":null,"novelty_test":null,"reliability":[],"recalls":[],"limits":[],"alerts":[],"prior_test":null,"context":null,"outline":null,"recalibration":null}','MK','2026-11-23T09:28:00.000000+00:00');
CREATE TABLE model_decision (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        decision TEXT NOT NULL CHECK (decision IN ('adopted', 'kept')),
        model TEXT NOT NULL REFERENCES model (sha256),   -- that was tried on the history
        present TEXT NOT NULL REFERENCES model (sha256), -- that was in use
        reason TEXT NOT NULL,
        figures TEXT NOT NULL,         -- JSON: what was known when it was decided; it names nobody
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "model_decision" VALUES(1,'kept','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','no gain','{"lesions":1}','MK','2026-11-23T09:32:00.000000+00:00');
CREATE TABLE origin (id TEXT PRIMARY KEY, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "origin" VALUES('a7fddc75d2f3ce50b4a6e029ebaa035e','','2026-11-29T09:11:20.990000+00:00');
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
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma','dermatofibroma',NULL,'2026-11-23','','MK','2026-11-23T09:34:00.000000+00:00','absent','clear','H 26-1234');
INSERT INTO "outcome" VALUES(2,1,NULL,'histopathology','melanoma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:36:00.000000+00:00',NULL,NULL,NULL);
CREATE TABLE "patient" (id INTEGER PRIMARY KEY AUTOINCREMENT, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "patient" VALUES(1,'MK','2026-11-23T09:09:00.000000+00:00');
CREATE TABLE "patient_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        patient INTEGER NOT NULL REFERENCES patient (id),
        pseudonym TEXT NOT NULL,
        sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
        initials TEXT NOT NULL, time TEXT NOT NULL, skin_type TEXT NOT NULL DEFAULT ''
        CHECK (skin_type IN ('', 'I', 'II', 'III', 'IV', 'V', 'VI')), own_melanoma TEXT CHECK (own_melanoma IN ('no', 'yes')), family_melanoma TEXT CHECK (family_melanoma IN ('no', 'yes')), immunosuppressed TEXT CHECK (immunosuppressed IN ('no', 'yes')), naevi TEXT CHECK (naevi IN ('under 50', '50 to 100', 'over 100')), birth_year INTEGER CHECK (birth_year BETWEEN 1850 AND 2200)) STRICT;
INSERT INTO "patient_detail" VALUES(1,1,'P-0412','female','MK','2026-11-23T09:09:00.000000+00:00','II',NULL,NULL,NULL,NULL,1960);
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-29T09:11:20.991432+00:00',X'C9A24F1131C63232B84EBAFBC8B9FE0B47EB7F5AEE0EB00679EE5F08EB7D4759',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'AD0DBE230F392678ED7B20E206343B1BC4201465D7F71BBADF77B3FC1057539F','2026-11-29T09:11:20.991432+00:00',X'95F3909F9787DB806EF04BE2289BFD87DB8ADD7542CB01D076EB2BB2B20D5013',X'C93AB05FC265DE8C3E619A160DCC1753');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'B1CE5B7381C1013A9C23338FFF4FF66AECA462FCA929C91A566543F8840DF125D7B5AED9627E1400315EB5C32860593CEDAEE4CB364AB8ECDE47A1EC424AB76E93460927721556416653E0180088756D084A09B30FF92706CFD2F15964BEDA23ABCC7A0B5E78D074DFC5B5DB69586EAC1D6D59D3E1B8CEAEE05FAE675DE5ACAE','2026-11-29T09:11:21.092147+00:00',X'9664889943AF8E444F1EEEE6BE2BE053A12AB957911C1A2B036F26184B2D9670',X'88122F78AFB182035B510B6E88932753817274D3FFCAD27C5BA049DF0A538A91B59DE38AADFF8791D92D8CDA0B62368CCECCCAAE70686D729655A8C157F6D0BF');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'12B5421DADA50574BAE6F9219BF2B757009ED92F22DCF3F62C5E6FEFDF3FDDE134EF694FB1AAAD8835348A1A9A168339EBD684CD8F6075ADA594D4939C09AB2D40B29B52FC4F2B1688C353B3100CB346578BB0592CB4565D8B138C99AB69A4BE','2026-11-29T09:11:21.118384+00:00',X'7E9F9FCD726F235629E19E2084C5B45FEB13800AC305D3736A25BED367BD0B11',X'2E58B0AA459F143886F8CB198241572944134C8DF81A8230B61381BAA67602DB93B39291222143916066D7DF52BA3329');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'3087AED020322D1203C6986EE479AC885C057ECA5FF5989B4655693B6E94A62470C110333AF801B65A648AD12348DE8F048C4D06F7D4EF4C2F3A43299739686D37FF0164D08DB76FDA858087C2F2B9B9FDE492DF084508875CC244F425E3B950','2026-11-29T09:11:21.134192+00:00',X'C71BE783433EE6FC2D5ED875D3715634D2CC6F55643C8C68A79A60BFD5853439',X'B697FCFD23B53FAE5D1D77A3D08C06CB001B2EB916C5FECA50B2A589BECAACCDCE6222B9EBC9225A06D78F03C366283C');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'91746C23C313B06CAC309FD3137038686A62C8790540CAFA932C999A46FDDE89','2026-11-29T09:11:21.138137+00:00',X'DF75D495187394316E5BE0B9A7D78B3AE6765FA62A70889932446FA8DA27E558',X'8E6EC34AEEE5BC97462BEFA6C3DCEF33');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'5DFEC6D51AA7A8461ECAB4EE89B2FA8C7F85412E934D03234C0535551026F18A','2026-11-29T09:11:21.154050+00:00',X'5A0B2129160DF19F805BEA19731C1E5B05E44B15D10521521E281DE361F98059',X'92519422F5E267F1A3E1B241E9202875');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'46DAE1914110610E6B466324C4B6B329F0EE12DA94D1A85C25C9225B108E0B97','2026-11-29T09:11:21.160251+00:00',X'2E3F488A22D014CBFC0CDE376BE1E281513147C6E27508822706BD7D92AF5C75',X'4E09615EBE0D98F236F5EF4244ACC962');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'D4CF138EA5B77141DAEBC23B1F14346452349E39E08B9D07BC198D098ADB893D','2026-11-29T09:11:21.182301+00:00',X'8FEFB701BDFD6D6B05E69D73B0C9F44E3D14FBA86BD1ED626FFE06593F66357A',X'F951C02366FC55F8042D3E7F30BD0279');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'E54157FE667A5D159072EE5421E411F6E7BAB3613B5A659106A41D93920D60D4','2026-11-29T09:11:21.198538+00:00',X'75C9BCB0EA77970DB949DE645D877AC591A556F68B15434B586AD9D5EB38EA40',X'38B747DA671BE05091764CA50141F296');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'388BA58DA792F9094EFEF55BAA308D497E58302D44CF248FD3FB0C9CB3DAD1F5','2026-11-29T09:11:21.205989+00:00',X'52FC0764B900FC00C28A144B7A97D50E816AAFB0EF94F7FC94C4C1B25149D767',X'5B6AEF704C83CDAF0BA0F853C1DDD168');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'FD5128AAB5CBD389C115586B4DA373B21C8C05C8F5980AD1A7B1BD6AE1C6F6FCD35B642D49ED0F949B0DE24267D4D0CF1AFC832C0E040311CEF45105871A813E','2026-11-29T09:11:21.218331+00:00',X'46F95BD2801C4A104B674E3827A693076AE14DE2DE500AAC8CB24B232B6E5D10',X'1D70F6BCD71E2E82FA4C0CC74382A1F63EEB404DB564BD78E601F54C28B62613');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'DC0DC88F7C3367568EEA77063787AC1083A73F7D9AD8C590FD05734D26B2A6913B556E049C4F8EEBC44CE68DD5D66DDBC36577FD9F9A185887BAF26904D377CB','2026-11-29T09:11:21.222386+00:00',X'5B9E3821EF407E36D65B40EC3DF11D5E845AB1F6BD95E2A85F5278F420B38818',X'EE238056539C95A77ACA301CFFBB7D3809269035BD36988170F50A3601F92E3D');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'2ED343870E9B714CA05256280D469F23E379BEE562B08D3E660AE456B4F6E5BD93E759EB0FDF6F827123EF37111E7ED2EDAB873E70BF80E06F4691207ADE50E6','2026-11-29T09:11:21.226814+00:00',X'76D57DA10B36F4762CF294EEB89F50F0CB3E0389B2DD031B004C8FDC22C1AC3D',X'08923345BDEE55A75A18F0E88785B04F073A62B8101276971E6008DB09E3CB3C');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'B0CA90A7DD361002A0D66E0DB20DEC1A6E76F4CDB61001DC9E6AC0E1DA8E4E52','2026-11-29T09:11:21.239116+00:00',X'57817FEA98A83D78C150BC4221F57FB7E43F882A54363B936E6C16FA529701B6',X'975E50DE2EE7A1CE973A68AA4C25519B');
INSERT INTO "seal" VALUES(16,'insert training_use 1-1',X'620B29A370C8F89AC88AC552A21A83D78C466451F91F10F25D9C3BED0AD618BE','2026-11-29T09:11:21.245926+00:00',X'7E8A6E17D309F48C084DD53837210397A6D84868EC3C6AAA89C36D72FBCC07C6',X'63585511B9B13034BAFBFA139BBDAE83');
INSERT INTO "seal" VALUES(17,'insert assessment 1-1',X'07C125A8DE31232AC8A32CEFC1FE30F308A0BC6A2DA466AEBE972368A67F8E43','2026-11-29T09:11:21.254320+00:00',X'D21F1FF1AEA9BCF9D81896F57724953638A86395393AFE8BA6A791339043FFDC',X'08540FD113B0D12AF1245072EAF56071');
INSERT INTO "seal" VALUES(18,'insert care_step 1-1
insert audit 1-1',X'4DBEFCA60EDA7E4C008BA5D08BD1E518640E0D95552F531892E89F9899CCD2A75AADEE63388C9DD37C355BFFA065315F6A56D59D4D298A8D5B8ECD6D0F03D83E','2026-11-29T09:11:21.260975+00:00',X'476CF0C8990A085DB7D0D13AA58E5F153D9D0EB43B70893852B27B5788F71B23',X'CF6A46B246AB47882A4428491FF3CF3FF5E1AA039D017BD23155AE8975EF7412');
INSERT INTO "seal" VALUES(19,'insert adjustment 1-1',X'2535B30B9A5F7CF0E47A38B1B395D9F4985C5B1B7DD9B7AB69EE0EC04AFA581C','2026-11-29T09:11:21.266001+00:00',X'7981553D3D29E5F9817DF2CB6B4BD3A79089CA8C6C3549A1E6723D0A49B64DFA',X'4EB02D64B5F254ACD51C4C5A72FF6DC2');
INSERT INTO "seal" VALUES(20,'insert working_point 1-1',X'D3857EDCFC1A97A626E05034384D6BB5C14B698CE5E6397FC386DB6E33B28CF8','2026-11-29T09:11:21.273951+00:00',X'C705199CFB8E8C75316ECE010A3A5F3771A48D3937B1C5285C5F14802A3FB7BA',X'98E402E34E1A99F0F540A9CE6BA4FC32');
INSERT INTO "seal" VALUES(21,'insert audit 2-2',X'19FE13C99875B0DC6E0607ADEF15925F758B495CEAA37EBB4E6199B1E5767629','2026-11-29T09:11:21.280437+00:00',X'EE309D54F3558552E420DC72E44587CC62F0B671E853E0B1EBF23F121471DF85',X'8C5A740380BFC09CFA3AB958E19CC88B');
INSERT INTO "seal" VALUES(22,'insert alignment 1-1',X'EE4658A5DA6CA09B634DAFA283248F42DCE23FC5CE3D0CD08F20339455E72EED','2026-11-29T09:11:21.296065+00:00',X'1C9F66CC933792FC3D608A23892C86C12D72091491DCA3248A33B11993DA1382',X'8BDD68EC97CCEE444FCECD82079B2323');
INSERT INTO "seal" VALUES(23,'insert image_capture 1-1',X'4A6064A950605E83A4DDB9BDA6FA1EC36888E3A8C7733DA5D4A23F7CBDEA2AD6','2026-11-29T09:11:21.314278+00:00',X'101129623F7996479BB12C06F75782019FEC67733865181EA3EBC7908698AAE5',X'717FD7AAAA60EAE55DFD57D53999D5E1');
INSERT INTO "seal" VALUES(24,'insert image_outline 1-1',X'5FD8944C0E55F3919ED1DC2FBBF1A0481E0D817914D595AE5EDC74B6B061AAC8','2026-11-29T09:11:21.326995+00:00',X'E3E40AE01596F501E6815A6CF980FA72F55FE4A87F82C5378CAA4E6A700E31FA',X'9A3FB873279848189FB6BC8D2FA4FCEF');
INSERT INTO "seal" VALUES(25,'insert influence 1-1
insert influence_detail 1-1',X'E547978E672266BD77B49E2A4E7756C395DDBE62B77C7593CB4DE1702B9A8BD97D45503F7062A25EED389489E94D83048032039FE1F740308270A7DBBF88B1D1','2026-11-29T09:11:21.334117+00:00',X'FCC736CF81BFA73257A695D6AFC1A696A4F7CE0760DA79317FF1AFD662A4A1E7',X'DAE40D8FE5E123DD0AC1DAA4BCCA8C4B72B3EDBDE7406F4C5DBB5B198FF27DC4');
INSERT INTO "seal" VALUES(26,'insert influence 2-2
insert influence_detail 2-2',X'D3EF5BA0B92E3262FD2E47948C0BB2DCB8315CD179E3CC38C78F107E80751DCBAD55F81939A6EBEFD23DB91C39102AB2F52684FBF781487937B682252F28A90A','2026-11-29T09:11:21.346062+00:00',X'26BE02901716A1C57CE714DAB2664960AB464B7DEB37722802F5489BF649D229',X'EDF95AB3BFADFF25C8D1BAB95CE33C315A9186CDB0723B5F755041618E9BD291');
INSERT INTO "seal" VALUES(27,'insert influence_detail 3-3',X'8231A81BFBA4A8AA04A704DB8D3C0710F4C853BB7E80CE33B949B4BA9D9FE8F4','2026-11-29T09:11:21.357889+00:00',X'B178C9740A2E2A0D1C3B3319E7098A5078F98EF69B077F13922DF80D029284BE',X'45B27180635449C9AD7463F5D2E9FB42');
INSERT INTO "seal" VALUES(28,'insert photograph_pin 1-1',X'03E135DA10CF06CA51B48E4BEAA4C8100031B1D86C51FCE4E0E77619B833170E','2026-11-29T09:11:21.363766+00:00',X'6E99D08CB6D2041E20408CAC3E4B347440197EE2C4856057B3DEC73222662165',X'8BCFA2B33B3C6219C3E5FCFDBC71F127');
INSERT INTO "seal" VALUES(29,'insert embedding 1-1',X'BE21DA610C54A77D8E97FB5596A416B2F003C5B6071D40CC7C18F0101FFDC289','2026-11-29T09:11:21.376785+00:00',X'70B30BC44A8309D84A9CF2586F5B4E8E83A1B73336B4AE413C249AFE7DF22187',X'CF7C1CE0FB7A377EDE25CB09D508102F');
INSERT INTO "seal" VALUES(30,'insert model 2-2
insert tried_answer 1-1',X'AB52E27DB10424927362FE01475BF1F784BF0DD60943F5301A3FACF4D71C7EDA5CBAFDB41003E5B9CFC1556ED9F852FCA091D79B7A665AAC14B3A5AF76C9FEE3','2026-11-29T09:11:21.390320+00:00',X'E5E6CD42AC2767D3AE2AE47F717AD657CA180AE4E21498AD9F80FB5777CD7CCD',X'98E95567E0938CE5FFA8B477774FE8415CA0145605853065A3FA1AF9AB210EFB');
INSERT INTO "seal" VALUES(31,'insert look_again 1-1',X'E43966D58F3499492BA023B487EBF2B288A6B008AE88BCE9FE310D75BA297E26','2026-11-29T09:11:21.406151+00:00',X'AA61D5170F62469E21AE154F72D98118C313BD823A880CF23DC794FC1F736163',X'200A96DC06D1820926A0D252F47CF714');
INSERT INTO "seal" VALUES(32,'insert looked_again 1-1
insert audit 3-3',X'F13A4F29E3A3CDD51DA1305B01CC6F079AB1701F431C68BE8537DC21DF2CEED83C65A634AE09765E17D0D8E749EF89BDC434371DCD0F9CF702167A65BD41B575','2026-11-29T09:11:21.418175+00:00',X'0F620E5480CCA37B80EA85D0469C828D45E1582F009D3E14429E51A865174DB4',X'137ECC43CA4E93E8846DB7932D6A812F4EA1DB0C0FEBCBC051FFD94A60513D05');
INSERT INTO "seal" VALUES(33,'insert model_decision 1-1',X'C11BFFED388C61438D56B9D1F565DA88FD25EE645AB8A793742C08AD37DA1AB0','2026-11-29T09:11:21.422226+00:00',X'9FA846E18AA1969F5723E6FCCBE2155B55021C6ADB4DFDF7A27AEC9189BF38B2',X'1937C816DB2151A07D4EB6D5BC020030');
INSERT INTO "seal" VALUES(34,'insert image_scale 1-1',X'DBDBD6BC74A82F93FDCC849637E7A9CCC645D80A500FE9C6251DA25B679473B7','2026-11-29T09:11:21.427594+00:00',X'465CFEA1DB6A3FBB3C75C262C547DB0568DF941D1FD5D525CD4DAE1B2ED73FD8',X'3C16A6E8A8E6FDE244C402AEA755BA88');
INSERT INTO "seal" VALUES(35,'insert outcome 1-1',X'BD4885E8609CD674B130880D69AB14A5745FDB2CD0FE2F7C0689DB8D5565CCB8','2026-11-29T09:11:21.438285+00:00',X'0762256E6E08B8615CE6A474934A1BA02A693B9EE4A9B6AACD35D0A85C54E93C',X'7D9229ADBCEC30D3B8C571FFEBC6032F');
INSERT INTO "seal" VALUES(36,'insert training_export 1-1
insert training_split 1-1',X'F40789F797C31765E3377F3A9E6C82E77238CC0E851112CA4E4E17ECDDA6FB0ADA93578EEB126CA3BEE1054109AF32DECEF4349CD71854C7D0FF9D9530D9FDC5','2026-11-29T09:11:21.453274+00:00',X'998046906627E486991DBAFF901AF6C5C257B90FDB7EB44CC61B90C1D84488AD',X'80F9AA9CB7C098E1517A32D576929C17AB297B28B29D30526D9B06513C95F037');
INSERT INTO "seal" VALUES(37,'insert outcome 2-2',X'A87F5E44668B4056A9F844D89D7EDE1DD93DEC097B7A3C4BDA97757C8643BE9B','2026-11-29T09:11:21.463557+00:00',X'5D1608DD2B1E7CA09C7DA973E30E77BD24297D913849940C917BD31689E6A843',X'BB389169A02B1C9FE5EDDA0548C83BC2');
INSERT INTO "seal" VALUES(38,'insert binning 2-2',X'0C0E10E292C65DA962BB1A9AB6A4D04B62DA6DC3CA358C166179028E19215653','2026-11-29T09:11:21.469884+00:00',X'83E57C6DB613D36F1D1CABB5E2063FD327F398A07C5E0CAEB8560975038A03CA',X'97ED493D86C2FC690F1623086E45C716');
CREATE TABLE training_export (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        model TEXT NOT NULL CHECK (length(model) = 64),  -- SHA-256 of the model file that is to be improved
        salt TEXT NOT NULL CHECK (length(salt) = 64),    -- of the names of patients and lesions; that of the first export
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "training_export" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','5555555555555555555555555555555555555555555555555555555555555555','MK','2026-11-23T09:35:00.000000+00:00');
CREATE TABLE training_split (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        export INTEGER NOT NULL REFERENCES training_export (id),
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        split TEXT NOT NULL CHECK (split IN ('train', 'test')),
        initials TEXT NOT NULL, time TEXT NOT NULL,
        UNIQUE (export, lesion)) STRICT;
INSERT INTO "training_split" VALUES(1,1,1,'test','MK','2026-11-23T09:35:00.000000+00:00');
CREATE TABLE training_use (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        patient INTEGER NOT NULL REFERENCES patient (id),
        allowed TEXT CHECK (allowed IN ('no', 'yes')),   -- null where the answer was taken back: not asked
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "training_use" VALUES(1,1,'yes','MK','2026-11-23T09:13:00.000000+00:00');
CREATE TABLE tried_answer (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        image INTEGER NOT NULL REFERENCES image (id),
        model TEXT NOT NULL REFERENCES model (sha256),
        preprocessing INTEGER NOT NULL,
        probabilities TEXT NOT NULL,   -- this column and the next eight as in prediction
        top TEXT NOT NULL,
        top_probability REAL NOT NULL,
        malignant_probability REAL,
        flags TEXT NOT NULL,
        abstention TEXT,
        kind_uncertain INTEGER NOT NULL,
        quality TEXT,
        novelty REAL,
        by_context TEXT NOT NULL,      -- JSON: ids of the alerts that only what is known of the patient raised
        app_version TEXT NOT NULL,
        working_points TEXT NOT NULL,  -- JSON, as in prediction
        initials TEXT NOT NULL, time TEXT NOT NULL,
        UNIQUE (image, model, preprocessing, working_points)) STRICT;
INSERT INTO "tried_answer" VALUES(1,3,'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',1,'{"actinic_keratosis":0.05,"basal_cell_carcinoma":0.05,"dermatofibroma":0.05,"melanoma":0.6,"nevus":0.05,"pigmented_benign_keratosis":0.05,"seborrheic_keratosis":0.05,"squamous_cell_carcinoma":0.05,"vascular_lesion":0.05}','melanoma',0.6,1.50000000000000022204e-01,'["melanoma","carcinomas"]','uncertain',0,NULL,1.25,'["melanoma"]','0.1.0','{}','MK','2026-11-23T09:28:00.000000+00:00');
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
CREATE INDEX tried_answer_by ON tried_answer (model, preprocessing, working_points, image);
CREATE INDEX look_again_of ON look_again (image);
CREATE INDEX looked_again_of ON looked_again (look_again, step, id, day);
CREATE TRIGGER tried_answer_is_never_changed BEFORE UPDATE ON tried_answer
            BEGIN SELECT RAISE(ABORT, 'a row of tried_answer is never changed'); END;
CREATE TRIGGER tried_answer_is_never_deleted BEFORE DELETE ON tried_answer WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of tried_answer is never deleted'); END;
CREATE TRIGGER look_again_is_never_changed BEFORE UPDATE ON look_again
            BEGIN SELECT RAISE(ABORT, 'a row of look_again is never changed'); END;
CREATE TRIGGER look_again_is_never_deleted BEFORE DELETE ON look_again WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of look_again is never deleted'); END;
CREATE TRIGGER looked_again_is_never_changed BEFORE UPDATE ON looked_again
            BEGIN SELECT RAISE(ABORT, 'a row of looked_again is never changed'); END;
CREATE TRIGGER looked_again_is_never_deleted BEFORE DELETE ON looked_again WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of looked_again is never deleted'); END;
CREATE TRIGGER model_decision_is_never_changed BEFORE UPDATE ON model_decision
            BEGIN SELECT RAISE(ABORT, 'a row of model_decision is never changed'); END;
CREATE TRIGGER model_decision_is_never_deleted BEFORE DELETE ON model_decision WHEN NOT EXISTS (SELECT 1 FROM erasing)
            BEGIN SELECT RAISE(ABORT, 'a row of model_decision is never deleted'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('seal',38);
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
INSERT INTO "sqlite_sequence" VALUES('audit',3);
INSERT INTO "sqlite_sequence" VALUES('adjustment',1);
INSERT INTO "sqlite_sequence" VALUES('working_point',1);
INSERT INTO "sqlite_sequence" VALUES('alignment',1);
INSERT INTO "sqlite_sequence" VALUES('image_capture',1);
INSERT INTO "sqlite_sequence" VALUES('image_outline',1);
INSERT INTO "sqlite_sequence" VALUES('influence',2);
INSERT INTO "sqlite_sequence" VALUES('influence_detail',3);
INSERT INTO "sqlite_sequence" VALUES('photograph_pin',1);
INSERT INTO "sqlite_sequence" VALUES('embedding',1);
INSERT INTO "sqlite_sequence" VALUES('tried_answer',1);
INSERT INTO "sqlite_sequence" VALUES('look_again',1);
INSERT INTO "sqlite_sequence" VALUES('looked_again',1);
INSERT INTO "sqlite_sequence" VALUES('model_decision',1);
INSERT INTO "sqlite_sequence" VALUES('image_scale',1);
INSERT INTO "sqlite_sequence" VALUES('outcome',2);
INSERT INTO "sqlite_sequence" VALUES('training_export',1);
INSERT INTO "sqlite_sequence" VALUES('training_split',1);
COMMIT;
