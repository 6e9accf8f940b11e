PRAGMA application_id = 1280075118;
PRAGMA user_version = 21;
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
INSERT INTO "origin" VALUES('21d83e26e8ab3847ff5cc2e1a3242028','','2026-11-29T08:34:05.445000+00:00');
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-29T08:34:05.446431+00:00',X'CFA48C41F2DCA2407A870C7FB5F467C9CA7296DD8888EC304276B41473CC1354',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'884035705BFBCD74F2CD98B63C292681064D232367ADCB43D8EF179A75B505EC','2026-11-29T08:34:05.446431+00:00',X'49E836223BE9351B70E6BF9ED8D71D5C4CA1964D1DCC2C9D707300C9A70A80CE',X'60E351D6AB825D3302326D6B06E2576C');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'F339FC7CC6F1234BD848610BC207B322086E27B42D623D528D454896B964E05AE302C794134E0FC4B02C967D52325F226A205F4095C29F6ADB52C77E92F9890BAAA5C16E3E3CAAACFFBB7B29D3789D25CA44B53C03AD74E814ED7E8F4E4D800DBAE1DD5C9BDF1A339DB3C82115CFBE0DD57A0CE592D6DDE0B42987EC2AB91B9C','2026-11-29T08:34:05.487533+00:00',X'A8BE2D3F747B4373DA47824BB7EBBC0EA60F0927CAFE049F806FEE099C587922',X'E1C2244DA0CC242C2513D0B824F73C481B2DC4075ABB5190932F58D5862A0D1D736FE11329E1A0FFBA038C97C73FE2D45AD7856890C07F30209B4F5AABAF55F9');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'BBDF8E26AAFF8DB8ECCA7952A9A0CAD742A511CD38AB5348CCF747D55EBED6F9CA6A893865948BDB02FB826DD7EF5BDADC9BE3D9FEEF2BE822FB5DF67124C00F336DF0D2A3E7C7E84C3ECC7ECB27CF0BD8D9A5A4599575A5FCBA1B12E85099FC','2026-11-29T08:34:05.506488+00:00',X'276109E7E1DC51AD89D58C52E51D4C86E9BA8C924DD7E1E3DE365DFC34C2E1EC',X'E6A1ECC6B358D2D5A782A8D3F5B555E2A2D2866AC8B20EEFBB8EC0FCCC2FED32569765854B99E0B3448D18BCE9D0DD42');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'065ABA8781E14A651DF572C5ED93A4D4C645D0F89982719391E33A4C0AE701ACCEAE38AD1566DDC654517AF57703816B62011031BD85AAC6CF43FBE7D22FDD984EE7926B4A5A35B66D3F846DBFA99E3898405F8A3ED015859F8933AE5E543083','2026-11-29T08:34:05.508701+00:00',X'5917B792E1A1C8E45A94C9AE499D9029154DCAC4C997CA0DCA8452FAD549D191',X'806F2D99DC73DC476EAE3D3ED2B1A41DEB545BD869826DB5292DCD87105FFB8066F3F3907AD285AD33AF96729CD83CFD');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'EE6DAC9213D58361D4C0CA9FB809D97C7DB5B18A81675EB73CFB232C9D38BDE2','2026-11-29T08:34:05.513955+00:00',X'162666044D1FFABF17F0F9BB62FAD6E363F3D21DAA097106E93421CF733F58E6',X'02E3980D6B15E8272EC7D6775F2496F0');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'B262B3C6E9F89D68B811FE00F8D511744D900D4FF7646495ABD5429C6F58ABB6','2026-11-29T08:34:05.523312+00:00',X'88777A2B9C372DC7E9EB0A120B2781988817CD4907B6829C55E7CF8308DB4094',X'92BBB9B9A809DC3E6C13DF00BF6072EA');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'38B331F75B057A2B72335B5CA91C4213DB2992FC21307A539A86DAF55BD7E19F','2026-11-29T08:34:05.537060+00:00',X'6207DD3C8E900A84E0850EA1518B614CABB53A2821643AF6B889EE7489CC6BA3',X'71B868C6196F96FCB9078D0EB982EBCD');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'9E70E997BBD601C776DF2CBCF0CB9130EA3D8CBCCB94167BC91C9931220441C0','2026-11-29T08:34:05.544233+00:00',X'C68A3512867B01729CEBBAAE9BC1C4362C5F089D5E081C9F10BB9DD6A43DF7C1',X'78873BB0A27148471215F2F1FDCD3FFB');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'415A27D9D1596A662AE7FACE7E5E60ABE9F6ACF30610072DE3E7399FAFB94C56','2026-11-29T08:34:05.548453+00:00',X'A320F14285874811B9C29AF590A1DEF8D096381E3E08F23D0232CC0A237FE962',X'86EB83847B752CC00AFE3FF4A6894490');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'3F1C9867C13F3CC31FEE96E93F917D5F9840623A4E57A4C39F98133AFB7D7172','2026-11-29T08:34:05.553953+00:00',X'22B6DB52BAFDAD42FE79BBCA378734820D71E68712190FBFBBD592688D51860A',X'D8A38213018E5D53ACCD92FB44AA6586');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'DAE06ECDF6C835C5A0B77A8C312A3F3782CE98894AAC502832F25ACE99BA839CF0F8E2F7A3170C88177DFA8EC33EC8A79E2DF80FB86F6B7041D88243957CBA10','2026-11-29T08:34:05.558919+00:00',X'6D588DF7984BC75BFDA1C4D3D9C9BF5A78A58FBBA1A8F71C064260E7837818A5',X'B0CE434B2D9D7D45DB160F5F7BB9E2F6C33EFA9E9D22969759C5D1DDDAB09A04');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'3F98DE34D21C13269C7515743D48B1B30C01D81A863336D9103CF7CB7688672A54FEE290F5F529D09E2E0A8923ADEA4513ED63E3F917D09CF44AEBB0787AD2FB','2026-11-29T08:34:05.566428+00:00',X'5A812603456E13FF322E69D50F085109B99CD00F6B121D7A667727D1CD83D4ED',X'8E9CA902EF2505F40A62D8F2B467C7FB809DBE5ED055E7EB06E2EB10870F98F4');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'12267A81C8991550895D973BBC1A0F5A7D3662CE3869BF6C2ED339B65DEC82E14EEE8F6D5E361E1E21D436DC72925243089501F3EAC7118AE1A48740EDB0004A','2026-11-29T08:34:05.574081+00:00',X'76082734767FBA3A88F80C72289537AE65EE287103752EB502E39A6720E6CE3F',X'A323431F61ADAF801749ECB6B356B52E77A9D57AD2B15113DEC6408C7D451B93');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'AE9CD8EF3E60F0172E8B1FE72A5DB7D9FD650658CB25D88E8349ECFFD8B87B02','2026-11-29T08:34:05.581101+00:00',X'8CBC273FA701C16B985510644D2F61F465C1AACFAD5764F4F2592D2E3CC7D95C',X'80A7D5F93B77B1524848D4726369E716');
INSERT INTO "seal" VALUES(16,'insert training_use 1-1',X'60530C29152867D22DD652BBAF628B8491201B987B700910446AC22C273355CE','2026-11-29T08:34:05.589970+00:00',X'00F7216160ACD33911F824468E89A8A3DEB58F320B1FC3B8265BB18AB1A003A2',X'5404F65B12C991E18C69E5DEE33380F8');
INSERT INTO "seal" VALUES(17,'insert assessment 1-1',X'EE4CC06BC7664CCA54FE60619A90B0725A5603E5D4261B1D463DB904D42CBC3A','2026-11-29T08:34:05.594359+00:00',X'FC6AC1C2D9E151BCC0AC82D8D6A0CA76499A52A3FF174566EB61249F9FFDEDDB',X'244151AA2949CF9A36F399DB00628443');
INSERT INTO "seal" VALUES(18,'insert care_step 1-1
insert audit 1-1',X'AE5A2D0D55ADAD18B90D1D5C09AC00B0D639EC486C4E975A1A4FFFD44CEC0BA5920984BEEC989EA4A85CC95CDCB84D8F7D20CFB27C5DD711A95B43E702B98722','2026-11-29T08:34:05.607261+00:00',X'D6B570370BADD2BBCC693B03D5C1A99A89F37D33410D8D8980648FF591CC6DA7',X'369B24B080E218B551C6EEF017D7F5AC4482A69C116C2415A162634026970E49');
INSERT INTO "seal" VALUES(19,'insert adjustment 1-1',X'CE9AAC1F06A3A0FFD83806710B5F5B68240BE684D7DA7772F4B5B409F1E6B0AA','2026-11-29T08:34:05.618102+00:00',X'D266AD2C66820E048A35C720F52024F263F3599EAE429109D54AA4898E8186BD',X'E64871545EB5618C938329718C5B2195');
INSERT INTO "seal" VALUES(20,'insert working_point 1-1',X'4C6153A6C509DCF49017EB0745BA6D1D15B0ECACAAD3A5D07E67D7D45EA0EAA4','2026-11-29T08:34:05.621435+00:00',X'CE0E38C7D02E10C567B66528AF6C0D5F08C9E9AFC9863D3A6994FAA10820304B',X'B1FABA51678AAA8F481A2511C6C1302C');
INSERT INTO "seal" VALUES(21,'insert audit 2-2',X'5C472300086E867F24EFBA2F94C0E343D02D0ADDCDAA072C995B758774A942BC','2026-11-29T08:34:05.625989+00:00',X'0DB957B239BE12A3D2A3BFF33B61D8E102236941D1F24D211A0D867F9C10B279',X'C80749245F4586070D78686C624724B7');
INSERT INTO "seal" VALUES(22,'insert alignment 1-1',X'F48414C83BEAE7BA9B496B6376BCDB09556D4AA083970F940F02433EAF1B5D9E','2026-11-29T08:34:05.640994+00:00',X'0D99B17A9C773C2A453E36D4424B549BD1D113ECBA727B3FCDCF5643F914A7E1',X'57170A20C138171D528EB154DCEFAE16');
INSERT INTO "seal" VALUES(23,'insert image_capture 1-1',X'41B463AAB38CC91938CA0C28FB6CD09786CC614A0E55935E41E0205BD5EE2295','2026-11-29T08:34:05.645316+00:00',X'776B9F59791F4770EA3334620BDAED869D1B57C53AA2AF0080772C26E4E0AAFB',X'FFF3238B4AD3FBEB2E897F041332F4B1');
INSERT INTO "seal" VALUES(24,'insert image_outline 1-1',X'AF96AE11425A2386E85775357339B6D6D29AF1AB0F51CA9E1D7A639CBAA3FAD6','2026-11-29T08:34:05.654114+00:00',X'2A1CEDDBFC9F6EDEEB09BD57611A9340F0C108F5B0DAFE2B34A5339C7349142A',X'74AD6D3313CEDEDA8E93FDB3D93B297F');
INSERT INTO "seal" VALUES(25,'insert influence 1-1
insert influence_detail 1-1',X'A23C7870539E3B3674214FD00DF5E3D2B6FD34B5BF2EA34CB12EAED7D8D023276BD580154B0C33B4D9FA2CAACEBBC5E1F9D6F6B96875DBEE1DD92AD42D68A10B','2026-11-29T08:34:05.662207+00:00',X'4B655EF9E4C985EB49339B5538BE15D81D60BCB67AE0CEA66814255B814D831B',X'C383AC10AD18360234C825A113A2116E67D131CDDF866ACD0140733652855589');
INSERT INTO "seal" VALUES(26,'insert influence 2-2
insert influence_detail 2-2',X'422A2A360A6CE0B473736CF5E4AB0078EAC987A068A53CBA088BEA815D88A3BB32C08B3AC40FC6CCDC661B78BB20B925AE1868381D1AF4D4E6C5C3018C67149C','2026-11-29T08:34:05.670204+00:00',X'61F48AE6C2CCAE5065664B47E547F936F609B72C9E1642E4736623C2FE478EBE',X'2D779081E173B4152E32EE2B1E3BD4122622A04AE2AC95B8372A527B4041145D');
INSERT INTO "seal" VALUES(27,'insert influence_detail 3-3',X'A1C8653F7C8CD049296CD0EBB1873583A033A1DB9AAA7ABB7E75A4225C941A50','2026-11-29T08:34:05.677976+00:00',X'C6D2E3041FF26B51A164CA02F4029F816399877B100F80697520C7762BDF21F7',X'DEA805AB2883F38B56F3DA602B1A0AF4');
INSERT INTO "seal" VALUES(28,'insert photograph_pin 1-1',X'22BED550C5DB5AEC0AF4A4E3FD213ED4C2BCAD4119638364319F2B97C7A5BD0F','2026-11-29T08:34:05.686818+00:00',X'B26619742BFE8D4046288ADA5829BE8E1C93B07DA22526538F7BEBF1AB3E1A48',X'169A2A9DAA4513D8A0B43DFB6029B413');
INSERT INTO "seal" VALUES(29,'insert embedding 1-1',X'FFFD3EA6B4DF525164F1C5E47688DBA50ECC599166A8F140799AE2EFA0DF09A3','2026-11-29T08:34:05.706484+00:00',X'A0B0427F29F5DCFDA8949FECFC72EBF2DB83D4562C69A54F8CFCB6728D89C279',X'CB3503B2DA632BFCAABD8C9C818F3648');
INSERT INTO "seal" VALUES(30,'insert model 2-2
insert tried_answer 1-1',X'699E88232B42A8BC33E1BB528AC33D3470A7DF810D26B4EF6AD9DE91FC5D24FCDFFEAA266E64971E9F9CAB0438DF5636B52F5D04AE13EB190125B67DF37E9FEF','2026-11-29T08:34:05.716078+00:00',X'56AAA35412455356EFE662123F3D16043A12DE7016BC026BC30C02F9B4C2ABAC',X'A7A18A951A11D50D98A3F05E0A1404FBB56A2F62FF64B36FD1E32966B8E4D89E');
INSERT INTO "seal" VALUES(31,'insert look_again 1-1',X'915195B5265F89E25E3CD38A01136AE1AB2A53F24FFCF5BEBDEC4AB3AF04284E','2026-11-29T08:34:05.722207+00:00',X'A3CC79D6E5896A929FEEF6661751DB900EEBE1074A517A0F0A7458D4DF76679E',X'D714CABB1D2C464B7F95884F1C4AFAA6');
INSERT INTO "seal" VALUES(32,'insert looked_again 1-1
insert audit 3-3',X'64B9179E8039B92DAE85E0EDC41AC95A74690ADF7722774A464C008537A2A5A1DEF5E9828DE66C62DBC15F3F3D13E41C1BEC4C319331F160E7FDB24B88439B42','2026-11-29T08:34:05.730362+00:00',X'B9981212EBF7A1696E75B3F1BA65027CF861D970FF0F96D2FBDD363167A0A779',X'C7A0CEE1161A64AC789044D28552AAA15F7FAF33CCB7DD26C7BC1047AF4E6DFB');
INSERT INTO "seal" VALUES(33,'insert model_decision 1-1',X'03D480E3307E8A1D8D6F408D35BA37B49A4406C7210CD49D6F41D6DB5799C6F4','2026-11-29T08:34:05.734234+00:00',X'4A1A65C0121ED4A9D2C36DDD7C8A5549309FFA4035A9E3C882EF5EAECD7DA340',X'2DC4D9F8389204E20F56DC0D8AB9D121');
INSERT INTO "seal" VALUES(34,'insert image_scale 1-1',X'87685627A3D5700D5233D4F0CC860DD25E4A7FABDDAFEF6364EC7CA74A303136','2026-11-29T08:34:05.742061+00:00',X'A834E9584E42BB4E83622F46D8D95D78540169C42EB511C006BAC6DAC1568231',X'415C4A7AC2E012905A40A8EDC38F09A8');
INSERT INTO "seal" VALUES(35,'insert outcome 1-1',X'D56CFAABE2122573D5CB507DBBCA2317B79397E2B04E7190CE1AB0693B428807','2026-11-29T08:34:05.744615+00:00',X'A80756DD02EC8BB96D81648015E93DCDDC6F52299DD10E3B195545E6374823E8',X'66D3C3918A42E8CBBCFC0ED53B5C1A6E');
INSERT INTO "seal" VALUES(36,'insert training_export 1-1
insert training_split 1-1',X'D746121036100C2E2D81A3D9ED4D57DAA2D0B4A9E45D80623A96303475817BA3EFD36EBEB98B69885DB58964B6BBA5F8521A67ADB4C8878AF48255E22B54A795','2026-11-29T08:34:05.763580+00:00',X'45875AA992CCAAE8F84FF5EF0F07DB9108B2AC987F7AE2BAEF2315EA719B2CB7',X'A3A24D29B6C7EB9537055C3D6AF1311A837FEEEF696BC91C625A5BF878652CF8');
INSERT INTO "seal" VALUES(37,'insert outcome 2-2',X'653678140AE06953846A003EE1BA6BB284E07F6A116317F1ADC72EE8C8558408','2026-11-29T08:34:05.770031+00:00',X'5E6BBF4AD9D485C0E77A7A117D7DA70D42D710525464591860940D14937A90FB',X'692BA083FBC0E04DC5802F32A83DA38F');
INSERT INTO "seal" VALUES(38,'insert binning 2-2',X'15444791D63B0266402334FF39F36BCA7F304DC9AF929B37CC0A669BC785D0AF','2026-11-29T08:34:05.777940+00:00',X'692CF959045BF21A41A88A58930C6616AE98E5DB59FC5B8D50548C9FB11E476F',X'A52FCB8376CA524ADC802D4C434195BC');
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
