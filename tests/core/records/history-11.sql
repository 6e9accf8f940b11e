PRAGMA application_id = 1280075118;
PRAGMA user_version = 11;
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
INSERT INTO "adjustment" VALUES(1,3,'60-69','female','','{"nevus":0.9}','[]',NULL,NULL,'MK','2026-11-23T09:14:00.000000+00:00');
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
        initials TEXT NOT NULL, time TEXT NOT NULL, outcomes_before INTEGER,
        CHECK ((lesion IS NULL) = (visit IS NULL) AND (lesion IS NULL) <> (image IS NULL))) STRICT;
INSERT INTO "assessment" VALUES(1,1,1,NULL,1,'nevus',NULL,'','biopsy or excision',NULL,'','MK','2026-11-23T09:13:00.000000+00:00',0);
CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        action TEXT NOT NULL,          -- an id of `audit.Action`
        patient INTEGER,
        image INTEGER,
        detail TEXT NOT NULL,          -- JSON: what matters of the act; never a name or a path
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "audit" VALUES(1,'patient opened',1,NULL,'{}','MK','2026-11-23T09:16:00.000000+00:00');
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
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "binning" VALUES(1,'prediction',1,1,'MK','2026-11-23T09:03:00.000000+00:00');
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
INSERT INTO "image_scale" VALUES(1,3,0.02,'Dermatoscope, 10×','MK','2026-11-23T09:17:00.000000+00:00');
CREATE TABLE "lesion" (id INTEGER PRIMARY KEY AUTOINCREMENT, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "lesion" VALUES(1,'MK','2026-11-23T09:11:00.000000+00:00');
CREATE TABLE "lesion_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        lesion INTEGER NOT NULL REFERENCES lesion (id),
        patient INTEGER NOT NULL REFERENCES patient (id),
        name TEXT NOT NULL,
        site TEXT NOT NULL,
        initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "lesion_detail" VALUES(1,1,1,'L1','','MK','2026-11-23T09:11:00.000000+00:00');
CREATE TABLE model (sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), name TEXT NOT NULL, contract TEXT NOT NULL, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "model" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Test model','{"version":1,"name":"Test model","date":"2026-11-23","intended_use":"demonstration","licence":"Apache-2.0","labels":[{"id":"actinic_keratosis","name":"Actinic keratosis","malignancy":"precursor","remark":""},{"id":"basal_cell_carcinoma","name":"Basal cell carcinoma","malignancy":"malignant","remark":""},{"id":"dermatofibroma","name":"Dermatofibroma","malignancy":"benign","remark":""},{"id":"melanoma","name":"Melanoma","malignancy":"malignant","remark":""},{"id":"nevus","name":"Nevus","malignancy":"benign","remark":""},{"id":"pigmented_benign_keratosis","name":"Pigmented benign keratosis","malignancy":"benign","remark":""},{"id":"seborrheic_keratosis","name":"Seborrheic keratosis","malignancy":"benign","remark":""},{"id":"squamous_cell_carcinoma","name":"Squamous cell carcinoma","malignancy":"malignant","remark":""},{"id":"vascular_lesion","name":"Vascular lesion","malignancy":"benign","remark":""}],"input_size":32,"fit":"stretch","preprocessing_version":1,"architecture":{"name":"mean colour","parameters":36,"layers":[{"name":"probabilities","kind":"Dense","output_shape":[9],"parameters":36}]},"training_data":{"sources":["drawn"],"licence":"Apache-2.0","fingerprint":"0000000000000000000000000000000000000000000000000000000000000000","label_counts":{"actinic_keratosis":1,"basal_cell_carcinoma":1,"dermatofibroma":1,"melanoma":1,"nevus":1,"pigmented_benign_keratosis":1,"seborrheic_keratosis":1,"squamous_cell_carcinoma":1,"vascular_lesion":1}},"groups":[],"flags":[],"novelty_threshold":null,"certainty_threshold":null,"calibration_mix":null,"figures":[],"effective_resolution":null,"quality":null,"certainty_test":null,"novelty_test":null,"reliability":[],"recalls":[],"limits":[],"alerts":[],"prior_test":null,"context":null,"outline":null,"recalibration":null}','MK','2026-11-23T09:00:00.000000+00:00');
CREATE TABLE origin (id TEXT PRIMARY KEY, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "origin" VALUES('804a70a5ac4b241a74b314513eb29123','','2026-11-28T17:31:20.981000+00:00');
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
        initials TEXT NOT NULL, time TEXT NOT NULL,
        CHECK ((lesion IS NULL) <> (image IS NULL))) STRICT;
INSERT INTO "outcome" VALUES(1,1,NULL,'histopathology','dermatofibroma',NULL,NULL,'2026-11-23','','MK','2026-11-23T09:18:00.000000+00:00');
CREATE TABLE "patient" (id INTEGER PRIMARY KEY AUTOINCREMENT, initials TEXT NOT NULL, time TEXT NOT NULL) STRICT;
INSERT INTO "patient" VALUES(1,'MK','2026-11-23T09:09:00.000000+00:00');
CREATE TABLE "patient_detail" (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        patient INTEGER NOT NULL REFERENCES patient (id),
        pseudonym TEXT NOT NULL,
        sex TEXT NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
        initials TEXT NOT NULL, time TEXT NOT NULL, skin_type TEXT NOT NULL DEFAULT ''
        CHECK (skin_type IN ('', 'I', 'II', 'III', 'IV', 'V', 'VI'))) STRICT;
INSERT INTO "patient_detail" VALUES(1,1,'P-0412','female','MK','2026-11-23T09:09:00.000000+00:00','II');
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
INSERT INTO "seal" VALUES(1,'begin',X'','2026-11-28T17:31:21.100538+00:00',X'5237BBA7C99A3E47A297FB8F8A8FB65C73B06759971ED9A8F262E3CF8CE94D66',X'');
INSERT INTO "seal" VALUES(2,'begin origin 1-1',X'0260C847084B8B3175403D05F7E582AD7A808E4FA29BE5D8230E26F3A1B1623A','2026-11-28T17:31:21.100538+00:00',X'E69EA47F75831B4A9F1A5EB0296253F1E429ED7268C2FE04665451189D06FF4D',X'7738C200AA3A2663D8797AF18FFC3663');
INSERT INTO "seal" VALUES(3,'insert model 1-1
insert image 1-1
insert image_place 1-1
insert prediction 1-1',X'2FF9015C8AB7A5F5BBA63D62345348C98F4F5100C74A90DFA4D73D0E36CCE39A0BD1C40740688783794B72418743DA8686D01D2BBF01EE423E2B87E3D51D7BE78F0F3E824FB913CD4975651045F39514E9F897F2DEC741492118044E91A323CE7CECED2FC85F3080A7880B702DC2C25CDE8340B65543A49ECDEE3E2149C49805','2026-11-28T17:31:21.167543+00:00',X'2D941C7410CD447116D1FEF32D8B795F43420FB878C3F4106ADEB972B7A19FAD',X'6AB17B9BB95942EB93BE1B39DCF817CEE26ACF104ED872621B684427222BDB39E830D5A7C94AAEF7CA9F951B954AE72332EE785679ECA35287FAAACD57F2B5F1');
INSERT INTO "seal" VALUES(4,'insert image 2-2
insert image_place 2-2
insert prediction 2-2',X'ABF10F84A55A559CC54B1E7808CD2CDB8688AAE5E8E4EC734999779A4B37F3DE06F7791F0C3F4A20DC102EEB532DF8504FC67F5C37A24033F38FE617A3CA658D12B04CDFCBD9441610894ADAC360BD4AE57198273B23AD2FBF6FD4B9F3160167','2026-11-28T17:31:21.186449+00:00',X'B3332D9861A542FC0630090E5DF2E98843DDE48889342CE0034D94855EF4AF39',X'D82107B641F6061875BF34FDDCE1CBFE4821E99C152215939EBE4FF947B950741F0C7D7D2F8BA8CFD982738F2C921DF9');
INSERT INTO "seal" VALUES(5,'insert image 3-3
insert image_place 3-3
insert prediction 3-3',X'59B144A6E102F934F2BA89154E0931F790B9C9F6BF0FA99B6F7AD45DE859205A90E9FD7B43C84434AC72C991AB40700CB5D51D5222DA4559ED54130D163A808596ECCF5A280075970792420D9CEEC28A41626E967CC661563308ED53CFAE1AF3','2026-11-28T17:31:21.193020+00:00',X'A2A06BA3733AE0CAD3E12EFA4E0D52E87358647BC5CE452440BB6DBE1DD0C246',X'769CD9AB12B1E468BB991D641A25946C2D17199E72A5265721A9FAC8B00B046A83F8BB4D9C134243CFFFDA7ADE60BB16');
INSERT INTO "seal" VALUES(6,'insert binning 1-1',X'7FCE4BB1993FE7ACD608D4B0752D8C30ADE62FC0E2C4696910BA996A822640BE','2026-11-28T17:31:21.198141+00:00',X'43CE681D0BF463697F598B61FAAAF5661B6CE2A10B2AD2366D4AD912F348475D',X'415872F136475D5BDD6AB46DC7CDFE40');
INSERT INTO "seal" VALUES(7,'insert disclosure 1-1',X'E26F5CCE9E4A83A96B533A720DD8304694390C227489DDD96804EE2721E48D58','2026-11-28T17:31:21.206096+00:00',X'F13465738DBE59F3BC55C17820FD1D6242A5423EAB117CFDCBCFDBEBF13479AF',X'02F9B10CD548DE0004A7548164E10606');
INSERT INTO "seal" VALUES(8,'insert batch_run 1-1',X'108F9981AFEE3EFB0F74FD6FFFD45DF57B707EA9BB623E7A7DE1E3528ADA69E3','2026-11-28T17:31:21.210092+00:00',X'28008C3BB2BCCD60277B35B3251E9EA258509AE61109121BE62FCB75C4B0B429',X'C3A668F98D6BB75AF138A8E651F813C9');
INSERT INTO "seal" VALUES(9,'insert batch_row 1-1',X'880F7B241260AB16A1256F56D11B0DBA25CBB8E33ADE3E2AE4262375B4BE2EC1','2026-11-28T17:31:21.218283+00:00',X'03D522738C40820F0228C9C0255DDAC003CBFD247DE02B9F901F06B76E8EDEC0',X'066BCDBECB5FA9EA3DA39D22731B6272');
INSERT INTO "seal" VALUES(10,'insert batch_end 1-1',X'64D80B1920C9101A2D3FAF061E8491A26176035FFE69B6DE3F26959625AA2A92','2026-11-28T17:31:21.222276+00:00',X'285F167081EA124F0822525262B4DE47C73E13B5CA4BDEADD38285F5C649F1A8',X'5B6494C1AF5545DB45A2E25762111BC3');
INSERT INTO "seal" VALUES(11,'insert batch_shown 1-1',X'601FB95317AE82E99CFEA58EC29D0CD94CEEC6D86864328B61A59A5B1B6F7B66','2026-11-28T17:31:21.229969+00:00',X'66E0A49D23AA39CFC071D0233EB202F7F6695A1F043F720DF18019B09E60D48C',X'E6A0AB4FE7C7F736BD96ACB9DC7BF8AD');
INSERT INTO "seal" VALUES(12,'insert patient 1-1
insert patient_detail 1-1',X'41D385E27E597BE95F18708A5B348A0CFBB8F190F8BC97D00D93FC15701560E404D6DF12EAB5F0F56E61877F018904D11417EB8F93C022D4DD5965F3FC6E567F','2026-11-28T17:31:21.234177+00:00',X'C08542B1F1E153C4F9E3932A515258DBDE07C9DA98E9F28569E56DE3B22BB681',X'D665EAE6B0AC71B9D0373BD85576B62ED415AF2938348BB2F2A8ACDF0D0A1347');
INSERT INTO "seal" VALUES(13,'insert visit 1-1
insert visit_detail 1-1',X'AE09EB160B48A57201AD812F021F75EB89D18C4D1DDC7146BA291DE498AF4D68C643C61F3E1F36C619DA538B65772774EAFCD729AEDD8AECC0AD64B278BBA713','2026-11-28T17:31:21.238349+00:00',X'D6A6B844A938B8A09AB1AB0263B23D38E691E2B9FC91378BB988BF3B98808C23',X'D83B0A5B805CBC7B71B08F50E7F170DEA7A7D8D3754E6EAC36C8CA63FC56D65A');
INSERT INTO "seal" VALUES(14,'insert lesion 1-1
insert lesion_detail 1-1',X'E818BAE00FE9115CF7F861B8232248DACD477406AD7E2B2A10C6F0485F71360088DC718276D27ECDAB702E023177918ADE54D31D2C93625952B759CC020D34BE','2026-11-28T17:31:21.249843+00:00',X'368DA1D5A969DB2E0C1ED29B0A68F366F7823BEEBCE960BAAA4A264904E3F2F3',X'DC45569C285C09E94D30DE640BAB1C4BD917E50F9B823B472CCB804F12FB49B0');
INSERT INTO "seal" VALUES(15,'insert image_detail 1-1',X'D12220FC99AA0D1C42CED5C12C6F63E853076120195BE1788FAC5FF568D5FAE3','2026-11-28T17:31:21.259137+00:00',X'9256F782317D3E4DF18515324CD12B48EF64B7620F7761E3A889CE85F2E23BAE',X'1AE4332240538B7A58C5E5B98030D050');
INSERT INTO "seal" VALUES(16,'insert assessment 1-1',X'D07BC15BB5DFF1F3619B2BB27AD3F36FACDFD5025E90BF8707CD8742E3A3B676','2026-11-28T17:31:21.274197+00:00',X'E44CCB18FBD6FDC0BB3D81BC0008EE3851C175DAA5F0F693D699D2899F5FBA7E',X'4DAED1BDFA65D660B31ED4A31F88A5C1');
INSERT INTO "seal" VALUES(17,'insert adjustment 1-1',X'4AF4BA703BC6D21A578A9322339F7A6CADC2F351056B941E81614D5397A02655','2026-11-28T17:31:21.287113+00:00',X'925F015253FEC7F2C25553957BD3007E5061306284C6BC51633ACBF36A07E7DE',X'134C109EA330252BA070615917798316');
INSERT INTO "seal" VALUES(18,'insert working_point 1-1',X'7E58052CBC766003A9A03AC6BD28630828C01C79ED4B4F596D5FC2EA28E67A9A','2026-11-28T17:31:21.297163+00:00',X'46BAAD880D703F77721DE51733BF40E89CB823201B357AEAE3F4C912037888A1',X'5A02CB6F14F803D5519586176BB49D19');
INSERT INTO "seal" VALUES(19,'insert audit 1-1',X'E641EF8365873D9E2ED9C0DFEE249FE1D1A8D3B491788DECB755F0AC34860CEA','2026-11-28T17:31:21.306019+00:00',X'D1F18B33B1938CFE9FA33C15ECA4DD8EA7280746C7AA1D95E666685270E6C234',X'DD370EE672A8DE48D63C79577A8FFA8F');
INSERT INTO "seal" VALUES(20,'insert image_scale 1-1',X'74874A889FED06A78F68EBC9B31E353C740867DC05BC3F07458F321B6EF479B2','2026-11-28T17:31:21.318082+00:00',X'D198E8044D08E7953D99FFBE5DFE4F55742E4D10842755119EC033D7E8902DE2',X'36F84C017ED5FB7643D5D9D16480F471');
INSERT INTO "seal" VALUES(21,'insert outcome 1-1',X'816D208650A30898ED34E7E8F27735350A7C22FFD21B4946B3BC83005F10399A','2026-11-28T17:31:21.334086+00:00',X'AF769A9F6C6BAC4A5B9A511CA80323F2FEE4ACD3984AF92AF602F45D0178CE31',X'724F183B67455EA7110B3AF4890DF36F');
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
INSERT INTO "working_point" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','melanoma',0.95,0.98,'high-risk clinic','MK','2026-11-23T09:15:00.000000+00:00');
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
INSERT INTO "sqlite_sequence" VALUES('outcome',1);
INSERT INTO "sqlite_sequence" VALUES('binning',1);
INSERT INTO "sqlite_sequence" VALUES('erasure',0);
INSERT INTO "sqlite_sequence" VALUES('batch_run',1);
INSERT INTO "sqlite_sequence" VALUES('batch_end',1);
INSERT INTO "sqlite_sequence" VALUES('batch_row',1);
INSERT INTO "sqlite_sequence" VALUES('image_scale',1);
INSERT INTO "sqlite_sequence" VALUES('batch_shown',1);
INSERT INTO "sqlite_sequence" VALUES('prediction',3);
INSERT INTO "sqlite_sequence" VALUES('erasure_left',0);
INSERT INTO "sqlite_sequence" VALUES('seal',21);
INSERT INTO "sqlite_sequence" VALUES('adjustment',1);
INSERT INTO "sqlite_sequence" VALUES('working_point',1);
INSERT INTO "sqlite_sequence" VALUES('audit',1);
COMMIT;
