export interface paths {
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the project's batches, newest first */
        get: operations["batches_list"];
        put?: never;
        /**
         * Make the videos of a file with one request a line
         * @description Each line is `{"custom_id", "method": "POST", "url": "/v1/videos", "body"}`.
         */
        post: operations["batches_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a batch is */
        get: operations["batches_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{batch_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a batch; what is finished is kept, the rest is not made */
        post: operations["batches_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the project's files, newest first */
        get: operations["files_list"];
        put?: never;
        /** Upload a file, to be named later */
        post: operations["files_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is known of a file */
        get: operations["files_retrieve"];
        put?: never;
        post?: never;
        /** Delete a file */
        delete: operations["files_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{file_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a file, as something to be kept and not to be shown: anybody sent it */
        get: operations["files_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/characters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All characters of the project */
        get: operations["cast_list_characters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/characters/{character_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget a character. Videos that show it stay */
        delete: operations["cast_delete_character"];
        options?: never;
        head?: never;
        /** Say anew what a character looks like; videos that are made already stay as they are */
        patch: operations["cast_change_character"];
        trace?: never;
    };
    "/v1/kinema/characters/{character_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clip that a character was made from. 404 once that clip is deleted */
        get: operations["cast_character_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/clips/{video_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Give a video a title or tags, or mark it as a favourite */
        patch: operations["library_change"];
        trace?: never;
    };
    "/v1/kinema/clips/{video_id}/family": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Parents, children and all their kin, oldest first */
        get: operations["library_family"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/clips/{video_id}/reading": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the prompt of a video was read, or will be */
        get: operations["library_reading"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/clips/{video_id}/recipe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a video was made from */
        get: operations["library_recipe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A request as a small film in draft quality, sent while it is made. Nothing is kept */
        post: operations["previews_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a request would take, without making anything */
        post: operations["generations_forecast"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The project's events as they happen
         * @description Those behind `Last-Event-ID` come first; `reset` says that some are lost, and that the lists
         *     have to be asked for again.
         */
        get: operations["events_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read a prompt without making anything. Costs a millisecond */
        post: operations["reading_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make these again with the same seed, at final quality and another size */
        post: operations["retakes_finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make one video or several variations of it */
        post: operations["generations_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits and what is being made */
        get: operations["jobs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/jobs/{video_id}/again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a video once more that failed, was cancelled or has expired, with the same seed
         * @description The new one stands where the old one stood: what that came from, this comes from.
         */
        post: operations["retakes_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/jobs/{video_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop making a video, within one step; nothing of it is kept */
        post: operations["jobs_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/jobs/{video_id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a video that waits be made before another, or as the project's next */
        post: operations["jobs_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/jobs/{video_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a video aside with what is done of it */
        post: operations["jobs_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/jobs/{video_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a video that was put aside */
        post: operations["jobs_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The live streams that go on */
        get: operations["live_list"];
        put?: never;
        /**
         * Begin a live stream
         * @description It is shown and steered over the WebSocket `/v1/kinema/live/{id}`, which takes the same key, in
         *     the header or as the cookie `kinema_key`. Binary messages are fragmented MP4 (H.264), first
         *     `ftyp` and `moov`, then `moof` and `mdat`, for a MediaSource. Text messages are JSON: `ready`,
         *     `scene`, `note`, `refused`, `stats`, `held`, `playing`, `idle`, `busy`, `keeping`, `kept`,
         *     `keep_failed`, `restarted` and `ended` as `event`. What can be said is `{"do": "steer",
         *     "prompt"}`, `hold`, `play`, `{"do": "keep", "seconds"}` or with `start` and `end`, `{"do":
         *     "restart", "prompt", "seed"}`, `here` and `end`. A stream that nobody speaks to for `idle_after`
         *     seconds gives its worker back until somebody does. A project has one stream at a time, unless
         *     the installation allows more: one that nobody watches ends for the new one.
         */
        post: operations["live_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/live/{live_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A live stream */
        get: operations["live_retrieve"];
        put?: never;
        post?: never;
        /** End a live stream. What was kept of it stays */
        delete: operations["live_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/live/{live_id}/reel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a live stream has shown, also when it is over */
        get: operations["live_reel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/looks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All looks of the project */
        get: operations["cast_list_looks"];
        put?: never;
        /** Keep a look */
        post: operations["cast_create_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/looks/{look_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keep another in place of a look */
        put: operations["cast_change_look"];
        post?: never;
        /** Forget a look */
        delete: operations["cast_delete_look"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each model is and can do */
        get: operations["reading_list_cards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The first picture of a request, or some along it, in draft quality
         * @description Takes what `/v1/kinema/generations` takes. Nothing is kept, and a client that hangs up stops it
         *     within one step.
         */
        post: operations["previews_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/previews/{video_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest picture of a video that is being made */
        get: operations["library_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All projects */
        get: operations["keys_list_projects"];
        put?: never;
        /** Make a project */
        post: operations["keys_create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/projects/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the name, the limits or the share of a project */
        patch: operations["keys_update_project"];
        trace?: never;
    };
    "/v1/kinema/projects/{project_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of a project, without the keys themselves */
        get: operations["keys_list"];
        put?: never;
        /** Make a key for a project. The answer holds it, this once */
        post: operations["keys_create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/projects/{project_id}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let a key open nothing any more; other processes notice within five seconds */
        delete: operations["keys_revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/script/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a script becomes; nothing is kept */
        post: operations["storyboards_split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The project's videos of which all of this is true, newest first */
        get: operations["library_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/sketch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One frame of what a request would make, without making it */
        post: operations["sketch_sketch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the project's videos take */
        get: operations["storage_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storage/clean": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete drafts or what failed, but no favourites */
        post: operations["storage_clean"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storage/disk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much room is left. Costs no look at the videos */
        get: operations["storage_disk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the project's storyboards, newest first */
        get: operations["storyboards_list"];
        put?: never;
        /** Make a storyboard: of a script, of a document, or an empty one */
        post: operations["storyboards_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A storyboard, as it is or as it was */
        get: operations["storyboards_retrieve"];
        /** Put another document in the place of the one that has the version of `If-Match` */
        put: operations["storyboards_replace"];
        post?: never;
        /** Delete a storyboard with its versions and exports. The clips of its shots stay */
        delete: operations["storyboards_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/choose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a take on the line, whatever the words of its shot say from now on */
        post: operations["takes_choose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/cut": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When everything of a film is seen and read */
        get: operations["cuts_cut"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a file of a storyboard; clips that are missing are made first
         * @description What was made already of the same document and clips is not made again.
         */
        post: operations["exporting_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All exports of a storyboard of the last days */
        get: operations["exporting_list_exports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/exports/{export_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an export is */
        get: operations["exporting_retrieve_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/exports/{export_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop an export. Clips that were begun for it go on */
        post: operations["exporting_cancel_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/exports/{export_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file of an export, to be kept. 404 until it is completed */
        get: operations["exporting_export_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a storyboard a picture or a film
         * @description With `shot`, a film becomes the take that is shown of it, and a picture what it begins with.
         */
        post: operations["files_of_boards_add_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/files/{board_file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a file that a storyboard knows */
        get: operations["files_of_boards_file_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a cut (OTIO, FCP7 XML, EDL), captions or an archive with one of them back in
         * @description What was changed in it becomes one step. A clip that is new in a cut comes with the archive.
         */
        post: operations["exporting_import_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/make": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a job for each clip that is not there, and for no other */
        post: operations["takes_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Carry out changes, all or none, as one step
         * @description What others changed since `version` stays; where it is the same that these change, nothing is
         *     done, and the answer is 409 with the storyboard as it is.
         */
        post: operations["storyboards_operate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say what would be made, and how long that takes */
        get: operations["takes_plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/redo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Carry out again what was taken back last */
        post: operations["storyboards_redo_last"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the storyboard what it was in an older version, as a step that can be taken back */
        post: operations["storyboards_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/retake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a shot again with other seeds; which take is shown does not change by that */
        post: operations["takes_retake"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/script": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read a script anew, with the edits that were made since the first one on top */
        post: operations["rewriting_rewrite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the last step back that was not taken back yet, of one author or of all */
        post: operations["storyboards_undo_last"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/storyboards/{storyboard_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The steps that led to the storyboard as it is, newest first */
        get: operations["storyboards_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the project has used, and what it may use */
        get: operations["usage_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/variations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make others like these: the same wish, with seeds that were not used yet */
        post: operations["retakes_vary"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/webhook_endpoints/{webhook_endpoint_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to an endpoint, what it answered, and what is tried again */
        get: operations["webhooks_list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinema/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The workers, and when each was last heard of */
        get: operations["jobs_list_workers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The names that `model` can have */
        get: operations["models_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: operations["models_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the project's videos, newest first */
        get: operations["videos_list"];
        put?: never;
        /**
         * Start making a video of a prompt
         * @description Answers at once with a job that is queued; ask `GET /v1/videos/{video_id}` how far it is.
         */
        post: operations["videos_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a video is, and what it is once it is finished
         * @description Costs no query as long as nothing changes. As long as something can, the header
         *     `openai-poll-after-ms` says after how many milliseconds to ask again.
         */
        get: operations["videos_retrieve"];
        put?: never;
        post?: never;
        /** Delete a video and its files; one that is being made is stopped first */
        delete: operations["videos_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The video as MP4, its thumbnail as WebP, or its sprite sheet as JPEG
         * @description Understands `Range`, `If-Range`, `If-None-Match` and `HEAD`. 404 as long as the video is not
         *     finished, and once it has expired.
         */
        get: operations["content_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}/remix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a finished video anew with a change
         * @description A new video of the same model, size, length and seed.
         */
        post: operations["videos_remix"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/characters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a character of a video, to be named in prompts from now on */
        post: operations["characters_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/characters/{character_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A character */
        get: operations["characters_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change what a prompt names in a video, given by its id or as a file
         * @description A new video; the one that it comes from stays as it is.
         */
        post: operations["videos_edit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/extensions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a video, given by its id or as a file
         * @description A new video: the whole of the old one and what follows, with the length of both in `seconds`.
         */
        post: operations["videos_extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the project's endpoints, newest first */
        get: operations["webhooks_list_endpoints"];
        put?: never;
        /** Let a URL be told of some kinds of events. The answer holds its secret, this once */
        post: operations["webhooks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is known of an endpoint */
        get: operations["webhooks_retrieve"];
        put?: never;
        /** Change the name, the URL or the kinds of events */
        post: operations["webhooks_update"];
        /** Tell an endpoint nothing any more */
        delete: operations["webhooks_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an endpoint another secret. Both sign for a day, where that is asked for */
        post: operations["webhooks_rotate_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a sample of an event, and say what is answered. It is sent once */
        post: operations["webhooks_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_event_types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of events that an endpoint can be told of */
        get: operations["webhooks_list_event_types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Attempt
         * @description One attempt to deliver: the status that was answered, or why there was none.
         */
        Attempt: {
            /** At */
            at: number;
            /** Problem */
            problem: string | null;
            /** Status */
            status: number | null;
        };
        /**
         * Batch
         * @description Many requests that are answered together.
         */
        Batch: {
            /** Cancelled At */
            cancelled_at: number | null;
            /** Cancelling At */
            cancelling_at: number | null;
            /** Completed At */
            completed_at: number | null;
            /** Completion Window */
            completion_window: string;
            /** Created At */
            created_at: number;
            /** Endpoint */
            endpoint: string;
            /** Error File Id */
            error_file_id: string | null;
            errors: components["schemas"]["BatchErrors"] | null;
            /** Expired At */
            expired_at: number | null;
            /** Expires At */
            expires_at: number;
            /** Failed At */
            failed_at: number | null;
            /** Finalizing At */
            finalizing_at: number | null;
            /** Id */
            id: string;
            /** In Progress At */
            in_progress_at: number | null;
            /** Input File Id */
            input_file_id: string;
            /** Metadata */
            metadata: {
                [key: string]: string;
            } | null;
            /** Model */
            model?: string | null;
            /**
             * Object
             * @default batch
             * @constant
             */
            object: "batch";
            /** Output File Id */
            output_file_id: string | null;
            request_counts: components["schemas"]["Counts"];
            status: components["schemas"]["BatchStatus"];
            /** Usage */
            usage?: null;
        };
        /**
         * BatchError
         * @description What is wrong with a line of the input file.
         */
        BatchError: {
            /** Code */
            code: string;
            /** Line */
            line: number | null;
            /** Message */
            message: string;
            /** Param */
            param: string | null;
        };
        /**
         * BatchErrors
         * @description All that is wrong with the input file, up to a hundred lines.
         */
        BatchErrors: {
            /** Data */
            data: components["schemas"]["BatchError"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * BatchList
         * @description A page of batches; ``last_id`` is the ``after`` of the next.
         */
        BatchList: {
            /** Data */
            data: components["schemas"]["Batch"][];
            /** First Id */
            first_id: string | null;
            /** Has More */
            has_more: boolean;
            /** Last Id */
            last_id: string | null;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * BatchStatus
         * @description Where a batch stands.
         * @enum {string}
         */
        BatchStatus: "validating" | "failed" | "in_progress" | "finalizing" | "completed" | "expired" | "cancelling" | "cancelled";
        /**
         * Begun
         * @description A storyboard of which clips were begun; ``warnings`` say what was found damaged.
         */
        Begun: {
            /** Can Redo */
            can_redo: boolean;
            /** Can Undo */
            can_undo: boolean;
            /** Cards */
            cards: {
                [key: string]: components["schemas"]["CardFace"];
            };
            /** Changed At */
            changed_at: number;
            /** Created At */
            created_at: number;
            /** Document */
            document: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Missing */
            missing: number;
            /**
             * Object
             * @default storyboard
             * @constant
             */
            object: "storyboard";
            /** Started */
            started: string[];
            /** Title */
            title: string;
            /** Version */
            version: number;
            /** Warnings */
            warnings: string[];
        };
        /**
         * Board
         * @description A storyboard as it is now, or as it was in an older version (then without cards).
         */
        Board: {
            /** Can Redo */
            can_redo: boolean;
            /** Can Undo */
            can_undo: boolean;
            /** Cards */
            cards: {
                [key: string]: components["schemas"]["CardFace"];
            };
            /** Changed At */
            changed_at: number;
            /** Created At */
            created_at: number;
            /** Document */
            document: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Missing */
            missing: number;
            /**
             * Object
             * @default storyboard
             * @constant
             */
            object: "storyboard";
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * BoardConflict
         * @description That others changed the same, and the storyboard as they made it.
         */
        BoardConflict: {
            error: components["schemas"]["ErrorBody"];
            storyboard: components["schemas"]["Board"];
        };
        /**
         * BoardDeleted
         * @description That a storyboard is gone.
         */
        BoardDeleted: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default storyboard.deleted
             * @constant
             */
            object: "storyboard.deleted";
        };
        /**
         * BoardFace
         * @description A storyboard in a list.
         */
        BoardFace: {
            /** Cards */
            cards: number;
            /** Changed At */
            changed_at: number;
            /** Clips */
            clips: string[];
            /** Created At */
            created_at: number;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /**
             * Object
             * @default storyboard
             * @constant
             */
            object: "storyboard";
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * BoardFile
         * @description A file that a storyboard knows, by the name that its document gives it.
         */
        BoardFile: {
            /** Bytes */
            bytes: number;
            /** File */
            file: string;
            /** Filename */
            filename: string;
            /** Media Type */
            media_type: string;
            /** Url */
            url: string;
        };
        /**
         * BoardList
         * @description A page of storyboards.
         */
        BoardList: {
            /** Data */
            data: components["schemas"]["BoardFace"][];
            /** First Id */
            first_id: string | null;
            /** Has More */
            has_more: boolean;
            /** Last Id */
            last_id: string | null;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * CardFace
         * @description How a shot stands: the clip that shows it, the job that is on its way, and all its takes.
         *
         *     ``stale``: its words have changed since the clip was made. ``needed`` clips of it are needed by
         *     all films together, ``ready`` of them are there.
         */
        CardFace: {
            /** Clip */
            clip: string | null;
            /** Error */
            error: string | null;
            /** First */
            first: number;
            /** Fps */
            fps: string;
            /** Frames */
            frames: number;
            /** Making */
            making: string | null;
            /** Needed */
            needed: number;
            /** Ready */
            ready: number;
            /** Stale */
            stale: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "missing" | "making" | "ready" | "stale" | "failed";
            /** Takes */
            takes: components["schemas"]["TakeFace"][];
            /** Url */
            url: string | null;
        };
        /**
         * Cards
         * @description The cards of all models: what each is, can do, needs and costs.
         */
        Cards: {
            /** Data */
            data: components["schemas"]["ModelCard"][];
            /**
             * Object
             * @default list
             */
            object: string;
        };
        /**
         * CastList
         * @description The project's characters, newest first.
         */
        CastList: {
            /** Data */
            data: components["schemas"]["Played"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Character
         * @description A subject that keeps its looks across videos.
         */
        Character: {
            /** Created At */
            created_at: number;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Object
             * @default character
             * @constant
             */
            object: "character";
        };
        /**
         * CharacterDeleted
         * @description That a character is gone.
         */
        CharacterDeleted: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default character.deleted
             * @constant
             */
            object: "character.deleted";
        };
        /**
         * Cleaned
         * @description What is gone; ``more`` where there are others of the same kind.
         */
        Cleaned: {
            /** Bytes */
            bytes: number;
            /** More */
            more: boolean;
            /**
             * Object
             * @default storage.cleaned
             * @constant
             */
            object: "storage.cleaned";
            /** Videos */
            videos: number;
        };
        /**
         * Cost
         * @description A rough forecast: fixed seconds, seconds a megapixel-frame, fixed and per-megapixel memory. ``measured`` names the machine that the numbers come from. ``seconds_once_per_megapixel``: of what is done once in the frame's size; ``seconds_per_frame``: whatever its size.
         */
        Cost: {
            measured: string;
            megabytes_fixed: number;
            megabytes_per_megapixel: number;
            seconds_fixed: number;
            seconds_once_per_megapixel?: number;
            seconds_per_frame?: number;
            seconds_per_megapixel: number;
        };
        /**
         * Counts
         * @description Requests of a batch by how they ended.
         */
        Counts: {
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Total */
            total: number;
        };
        /**
         * CueOnWire
         * @description Words on the screen, in seconds as exact fractions; ``line`` is the id of what it says.
         */
        CueOnWire: {
            /** End */
            end: string;
            /** Is Title */
            is_title: boolean;
            /** Line */
            line: string;
            /** Start */
            start: string;
            /** Text */
            text: string;
        };
        /**
         * Day
         * @description Sums of one day (UTC): ``seconds`` of video, ``work`` in seconds of a worker.
         */
        Day: {
            /** Bytes */
            bytes: number;
            /** Day */
            day: string;
            /** Failed */
            failed: number;
            /** Seconds */
            seconds: number;
            /** Videos */
            videos: number;
            /** Work */
            work: number;
        };
        /**
         * Disk
         * @description The disk that they lie on, in bytes; null where they lie in a bucket.
         */
        Disk: {
            /** Free */
            free: number | null;
            /**
             * Object
             * @default disk
             * @constant
             */
            object: "disk";
            /** Total */
            total: number | null;
        };
        /**
         * ErrorBody
         * @description What went wrong.
         */
        ErrorBody: {
            /** Code */
            code: string | null;
            /** Message */
            message: string;
            /** Param */
            param: string | null;
            /** Type */
            type: string;
        };
        /**
         * EventTypes
         * @description Kinds of events that webhooks tell of.
         */
        EventTypes: {
            /** Data */
            data: string[];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Export
         * @description A film, cut or caption file of a storyboard; ``url`` is there when it is completed.
         *
         *     ``waits_for`` are clips that have to be made first; ``progress`` is in percent.
         */
        Export: {
            /** As */
            as: string;
            /** Bytes */
            bytes: number | null;
            /** Completed At */
            completed_at: number | null;
            /** Created At */
            created_at: number;
            /** Deliverable */
            deliverable: string | null;
            error: components["schemas"]["ExportProblem"] | null;
            /** Filename */
            filename: string | null;
            /** Id */
            id: string;
            /** Media Type */
            media_type: string | null;
            /**
             * Object
             * @default storyboard.export
             * @constant
             */
            object: "storyboard.export";
            /** Progress */
            progress: number;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "queued" | "running" | "completed" | "failed" | "cancelled";
            /** Storyboard */
            storyboard: string;
            /** Url */
            url: string | null;
            /** Version */
            version: number;
            /** Waits For */
            waits_for: string[];
        };
        /**
         * ExportList
         * @description Exports, newest first.
         */
        ExportList: {
            /** Data */
            data: components["schemas"]["Export"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * ExportProblem
         * @description Why an export failed.
         */
        ExportProblem: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * Failure
         * @description Every answer that is no success.
         */
        Failure: {
            error: components["schemas"]["ErrorBody"];
        };
        /**
         * Family
         * @description The videos that a video comes from and those that come from it.
         */
        Family: {
            /** Data */
            data: components["schemas"]["Video"][];
            /**
             * Object
             * @default list
             */
            object: string;
        };
        /**
         * Feature
         * @description What can be asked for on top of any task.
         * @enum {unknown}
         */
        Feature: "areas" | "characters" | "guide" | "loras" | "negative" | "styles" | "variations";
        /**
         * File
         * @description An uploaded file.
         */
        File: {
            /** Bytes */
            bytes: number;
            /** Created At */
            created_at: number;
            /** Expires At */
            expires_at: number | null;
            /** Filename */
            filename: string;
            /** Id */
            id: string;
            /**
             * Object
             * @default file
             * @constant
             */
            object: "file";
            /** Purpose */
            purpose: string;
            /**
             * Status
             * @default processed
             * @constant
             */
            status: "processed";
            /** Status Details */
            status_details?: null;
        };
        /**
         * FileDeleted
         * @description That a file is gone.
         */
        FileDeleted: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default file
             * @constant
             */
            object: "file";
        };
        /**
         * FileList
         * @description A page of files.
         */
        FileList: {
            /** Data */
            data: components["schemas"]["File"][];
            /** First Id */
            first_id: string | null;
            /** Has More */
            has_more: boolean;
            /** Last Id */
            last_id: string | null;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Forecast
         * @description What a request would take: seconds of work for all its videos, and memory.
         *
         *     ``seconds`` is null where nobody knows yet how fast the model is.
         */
        Forecast: {
            /** Frames */
            frames: number;
            /** Measured */
            measured: string;
            /** Megabytes */
            megabytes: number;
            /** Model */
            model: string;
            /** Seconds */
            seconds: number | null;
            /** Videos */
            videos: number;
        };
        /**
         * FrameRule
         * @description The frame counts a model makes: ``offset + k * stride`` within limits.
         */
        FrameRule: {
            maximum: number;
            minimum: number;
            offset?: number;
            stride?: number;
        };
        /**
         * Grounding
         * @description How well a model does a task: by construction, by training, or without training for it.
         * @enum {unknown}
         */
        Grounding: "exact" | "trained" | "zero_shot";
        /**
         * ImageRole
         * @description What a picture is for. Latent models take key frames, the animatic things and places.
         * @enum {unknown}
         */
        ImageRole: "backdrop" | "first" | "key" | "last" | "poster" | "prop" | "reference";
        /**
         * Imported
         * @description A storyboard into which a cut or captions were taken back; ``notes`` say what was new.
         */
        Imported: {
            /** Can Redo */
            can_redo: boolean;
            /** Can Undo */
            can_undo: boolean;
            /** Cards */
            cards: {
                [key: string]: components["schemas"]["CardFace"];
            };
            /** Changed At */
            changed_at: number;
            /** Created At */
            created_at: number;
            /** Document */
            document: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Missing */
            missing: number;
            /** Notes */
            notes: string[];
            /**
             * Object
             * @default storyboard
             * @constant
             */
            object: "storyboard";
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * Job
         * @description A video that waits or is being made. ``position`` 0 is being made, 1 comes next.
         */
        Job: {
            /** Position */
            position: number;
            /** Starts In */
            starts_in: number | null;
            video: components["schemas"]["Video"];
        };
        /**
         * JobList
         * @description The project's part of the queue, in the order in which it will be made.
         */
        JobList: {
            /** Data */
            data: components["schemas"]["Job"][];
            /** Done In */
            done_in: number | null;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
            /** Waiting */
            waiting: number;
        };
        /**
         * Key
         * @description What is known of a key.
         */
        Key: {
            /** Admin */
            admin: boolean;
            /** Created At */
            created_at: number;
            /** Hint */
            hint: string;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Object
             * @default api_key
             * @constant
             */
            object: "api_key";
            /** Revoked At */
            revoked_at: number | null;
            /** Used At */
            used_at: number | null;
        };
        /**
         * KeyList
         * @description The keys of a project, newest first.
         */
        KeyList: {
            /** Data */
            data: components["schemas"]["Key"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * KeyRevoked
         * @description That a key opens nothing any more.
         */
        KeyRevoked: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default api_key.deleted
             * @constant
             */
            object: "api_key.deleted";
        };
        /**
         * Licence
         * @description A model's licence as data: SPDX-like id, where its text is, and its limits in words.
         */
        Licence: {
            commercial?: boolean;
            id: string;
            limits?: string[];
            url?: string;
        };
        /**
         * Limits
         * @description What a project may use; 0 is no limit.
         */
        Limits: {
            /** Per Minute */
            per_minute: number;
            /** Queued */
            queued: number;
            /** Seconds Per Day */
            seconds_per_day: number;
            /** Upload */
            upload: number;
        };
        /**
         * Live
         * @description A live stream. ``idle_after`` seconds without a word it gives its worker back.
         */
        Live: {
            /** Created At */
            created_at: number;
            /** Ended At */
            ended_at: number | null;
            /** Fps */
            fps: number;
            /** Id */
            id: string;
            /** Idle After */
            idle_after: number;
            /** Model */
            model: string;
            /**
             * Object
             * @default live
             * @constant
             */
            object: "live";
            /**
             * Prompt
             * @description The newest.
             */
            prompt: string;
            /**
             * Reason
             * @description Why it ended.
             */
            reason: string | null;
            /** Size */
            size: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "held" | "idle" | "ended";
            /**
             * Url
             * @description Of the WebSocket that shows and steers it.
             */
            url: string;
            /** Viewers */
            viewers: number;
            /** Worker */
            worker: string;
        };
        /**
         * LiveList
         * @description The project's streams that go on, the newest first.
         */
        LiveList: {
            /** Data */
            data: components["schemas"]["Live"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Look
         * @description A style of the project's own.
         *
         *     ``words`` are added to a prompt, ``negative_prompt`` to what is not to be seen; ``style`` is one
         *     of the model's card, or null.
         */
        Look: {
            /** Created At */
            created_at: number;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Negative Prompt */
            negative_prompt: string;
            /**
             * Object
             * @default look
             * @constant
             */
            object: "look";
            /** Style */
            style: string | null;
            /** Words */
            words: string;
        };
        /**
         * LookDeleted
         * @description That a look is gone.
         */
        LookDeleted: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default look.deleted
             * @constant
             */
            object: "look.deleted";
        };
        /**
         * LookList
         * @description The project's looks by name.
         */
        LookList: {
            /** Data */
            data: components["schemas"]["Look"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Model
         * @description A model that can be asked for.
         */
        Model: {
            /** Created */
            created: number;
            /** Id */
            id: string;
            /**
             * Object
             * @default model
             * @constant
             */
            object: "model";
            /** Owned By */
            owned_by: string;
        };
        /**
         * ModelCard
         * @description What a model is and can do, as data. No code anywhere else branches on a model's name. ``roles`` are those that its pictures can have. ``needs`` says in words what must be there before it runs, ``repositories`` where its weights are published (none for a model that has none, or whose weights are part of the package). ``cost`` is None where time and memory follow from the architecture and the machine instead of from a measurement.
         */
        ModelCard: {
            cost?: components["schemas"]["Cost"] | null;
            /**
             * @example 24
             * @example 24000/1001
             */
            default_fps: string;
            /**
             * @example 24
             * @example 24000/1001
             */
            default_seconds: string;
            default_size: components["schemas"]["Size"];
            family: string;
            features?: components["schemas"]["Feature"][];
            fps: string[];
            frames: components["schemas"]["FrameRule"];
            licence: components["schemas"]["Licence"];
            name: string;
            needs?: string[];
            notes?: {
                [key: string]: string;
            };
            repositories?: string[];
            roles?: components["schemas"]["ImageRole"][];
            sizes: components["schemas"]["SizeRule"];
            steps: {
                [key: string]: number;
            };
            styles?: string[];
            summary: string;
            tasks: {
                [key: string]: components["schemas"]["Grounding"];
            };
        };
        /**
         * ModelList
         * @description All of them.
         */
        ModelList: {
            /** Data */
            data: components["schemas"]["Model"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * NewKey
         * @description The same with the key itself.
         */
        NewKey: {
            /** Admin */
            admin: boolean;
            /** Created At */
            created_at: number;
            /** Hint */
            hint: string;
            /** Id */
            id: string;
            /** Key */
            key: string;
            /** Name */
            name: string;
            /**
             * Object
             * @default api_key
             * @constant
             */
            object: "api_key";
            /** Revoked At */
            revoked_at: number | null;
            /** Used At */
            used_at: number | null;
        };
        /**
         * Picture
         * @description A picture at a time of the clip, in base64.
         */
        Picture: {
            /** At */
            at: number;
            /** Data */
            data: string;
            /** Media Type */
            media_type: string;
        };
        /**
         * PlacedItem
         * @description An item in frames of the film, from ``start`` up to, not including, ``end``.
         *
         *     ``first`` is the frame of the shot that is seen at ``start``; ``lead`` and ``follow`` are the
         *     frames of its transition before and behind that.
         */
        PlacedItem: {
            /** End */
            end: number;
            /** First */
            first: number;
            /** Follow */
            follow: number;
            /** Id */
            id: string;
            /** Lead */
            lead: number;
            /** Ref */
            ref: string;
            /** Start */
            start: number;
        };
        /**
         * PlacedTrack
         * @description A track with its items in order.
         */
        PlacedTrack: {
            /** Id */
            id: string;
            /** Items */
            items: components["schemas"]["PlacedItem"][];
            /** Kind */
            kind: string;
        };
        /**
         * Plan
         * @description What `make` would do. ``seconds`` are null where nobody knows yet how fast a model is.
         */
        Plan: {
            /** Seconds */
            seconds: number | null;
            /** Shots */
            shots: components["schemas"]["PlannedShot"][];
            /** To Make */
            to_make: number;
        };
        /**
         * PlannedShot
         * @description A clip that a film needs. ``why`` it has to be made; ``seconds`` of work that it takes.
         */
        PlannedShot: {
            /** Clip */
            clip: string | null;
            /** Deliverable */
            deliverable: string;
            /** Seconds */
            seconds: number | null;
            /** Shot */
            shot: string;
            /**
             * State
             * @enum {string}
             */
            state: "ready" | "making" | "missing";
            /** Why */
            why: string | null;
        };
        /**
         * Played
         * @description A character with what it looks like in words.
         */
        Played: {
            /** Created At */
            created_at: number;
            /** Id */
            id: string;
            /** Looks */
            looks: string;
            /** Name */
            name: string;
            /**
             * Object
             * @default character
             * @constant
             */
            object: "character";
        };
        /**
         * Preview
         * @description Pictures of what a request would make; ``took`` seconds.
         */
        Preview: {
            /** Model */
            model: string;
            /**
             * Object
             * @default preview
             * @constant
             */
            object: "preview";
            /** Pictures */
            pictures: components["schemas"]["Picture"][];
            /**
             * Quality
             * @default draft
             * @constant
             */
            quality: "draft";
            /**
             * Size
             * @description Of the video that was asked for; the pictures are smaller.
             */
            size: string;
            /** Took */
            took: number;
        };
        /**
         * ProjectList
         * @description All of them, oldest first.
         */
        ProjectList: {
            /** Data */
            data: components["schemas"]["ProjectSaid"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * ProjectSaid
         * @description A project. ``limits`` are null where it has those of the installation.
         */
        ProjectSaid: {
            /** Created At */
            created_at: number;
            /** Id */
            id: string;
            limits: components["schemas"]["Limits"] | null;
            /** Name */
            name: string;
            /**
             * Object
             * @default project
             * @constant
             */
            object: "project";
            /** Share */
            share: number;
        };
        /**
         * Quality
         * @description A named trade of time for quality; each model maps it to its own steps.
         * @enum {unknown}
         */
        Quality: "draft" | "high" | "standard";
        /**
         * Reading
         * @description How a prompt is read: its words, what was replaced or left out, and the scene of it.
         */
        Reading: {
            /** Language */
            language: string;
            /** Notes */
            notes: string[];
            /** Prompt */
            prompt: string;
            /** Scene */
            scene: {
                [key: string]: unknown;
            };
            /** Words */
            words: components["schemas"]["Word"][];
        };
        /**
         * Recipe
         * @description All that a video was made from, and how long it took against what was said.
         *
         *     ``order`` is the body of ``POST /v1/kinema/generations`` that makes the same video again, null
         *     where something it was made from has no id.
         */
        Recipe: {
            /** Order */
            order: {
                [key: string]: unknown;
            } | null;
            /** Promised */
            promised: number | null;
            /** Reading */
            reading: {
                [key: string]: unknown;
            } | null;
            /** Request */
            request: {
                [key: string]: unknown;
            };
            /** Took */
            took: number | null;
            /** Versions */
            versions: {
                [key: string]: string;
            };
            video: components["schemas"]["Video"];
            /** Weights */
            weights: string;
        };
        /**
         * Reel
         * @description What a stream has shown.
         */
        Reel: {
            /** Data */
            data: components["schemas"]["Segment"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Room
         * @description How many videos, and the bytes of their files.
         */
        Room: {
            /** Bytes */
            bytes: number;
            /** Videos */
            videos: number;
        };
        /**
         * ScriptSplit
         * @description What a script becomes.
         */
        ScriptSplit: {
            /** Document */
            document: {
                [key: string]: unknown;
            };
        };
        /**
         * ScriptTaken
         * @description A storyboard whose script was written anew.
         *
         *     ``conflicts`` are edits of what the script changed too; they win. ``orphans`` are those whose
         *     target is gone.
         */
        ScriptTaken: {
            /** Can Redo */
            can_redo: boolean;
            /** Can Undo */
            can_undo: boolean;
            /** Cards */
            cards: {
                [key: string]: components["schemas"]["CardFace"];
            };
            /** Changed At */
            changed_at: number;
            /** Conflicts */
            conflicts: {
                [key: string]: unknown;
            }[];
            /** Created At */
            created_at: number;
            /** Document */
            document: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Missing */
            missing: number;
            /**
             * Object
             * @default storyboard
             * @constant
             */
            object: "storyboard";
            /** Orphans */
            orphans: {
                [key: string]: unknown;
            }[];
            /** Title */
            title: string;
            /** Version */
            version: number;
        };
        /**
         * Segment
         * @description A stretch of a stream under one prompt, in seconds of its own clock.
         *
         *     ``end`` is null while it plays; ``clips`` are the videos that were kept of it.
         */
        Segment: {
            /** Clips */
            clips: string[];
            /** End */
            end: number | null;
            /** Prompt */
            prompt: string;
            /** Start */
            start: number;
        };
        /**
         * Size
         * @description A picture's size in pixels. Written "1280x720".
         */
        Size: {
            height: number;
            width: number;
        };
        /**
         * SizeRule
         * @description The sizes a model makes: each side within limits and a multiple of ``multiple``. ``buckets`` lists native sizes; where it is not empty only these are made natively, and any other size is cover-cropped from the nearest. ``crops`` says that sides need not be multiples either: what is made is the next larger size that fits, and its middle is taken.
         */
        SizeRule: {
            buckets?: components["schemas"]["Size"][];
            crops?: boolean;
            multiple?: number;
            side_max: number;
            side_min: number;
        };
        /**
         * SolvedCut
         * @description A film's cut in one language.
         */
        SolvedCut: {
            /** Cues */
            cues: components["schemas"]["CueOnWire"][];
            /** Deliverable */
            deliverable: string;
            /** Fps */
            fps: string;
            /** Frames */
            frames: number;
            /** Language */
            language: string;
            /**
             * Object
             * @default storyboard.cut
             * @constant
             */
            object: "storyboard.cut";
            /** Tracks */
            tracks: components["schemas"]["PlacedTrack"][];
        };
        /**
         * Storage
         * @description What the project's videos take; ``drafts`` and ``failed`` are what can be cleaned up.
         */
        Storage: {
            all: components["schemas"]["Room"];
            drafts: components["schemas"]["Room"];
            failed: components["schemas"]["Room"];
            /**
             * Object
             * @default storage
             * @constant
             */
            object: "storage";
        };
        /**
         * TakeFace
         * @description One clip of a shot. ``first`` is the frame of it in which the shot begins.
         */
        TakeFace: {
            /** Chosen */
            chosen: boolean;
            /** Clip */
            clip: string | null;
            /** Created At */
            created_at: number;
            /** First */
            first: number;
            /** Fps */
            fps: string;
            /** Frames */
            frames: number;
            /** Id */
            id: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "generated" | "uploaded" | "edited";
            /** Seed */
            seed: number | null;
            /** Stale */
            stale: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "making" | "ready" | "failed";
            /** Url */
            url: string | null;
        };
        /**
         * Task
         * @description What a request asks for (design section 3).
         * @enum {unknown}
         */
        Task: "blend" | "edit" | "extend" | "image_to_video" | "loop" | "outpaint" | "recut" | "region_edit" | "remix" | "storyboard" | "stream" | "text_to_image" | "text_to_video";
        /**
         * Trial
         * @description What an endpoint answered to a sample.
         */
        Trial: {
            /** Event Type */
            event_type: string;
            /**
             * Object
             * @default webhook_endpoint.test
             * @constant
             */
            object: "webhook_endpoint.test";
            /** Status Code */
            status_code: number;
            /**
             * Success
             * @default true
             * @constant
             */
            success: true;
            /** Webhook Endpoint Id */
            webhook_endpoint_id: string;
        };
        /**
         * Usage
         * @description Days on which anything was used, oldest first; the limits, and what counts against them.
         */
        Usage: {
            /** Data */
            data: components["schemas"]["Day"][];
            limits: components["schemas"]["Limits"];
            /**
             * Object
             * @default usage
             * @constant
             */
            object: "usage";
            /** Queued */
            queued: number;
            /** Seconds Today */
            seconds_today: number;
        };
        /**
         * Version
         * @description A step, and the version that it made.
         */
        Version: {
            /** At */
            at: number;
            /** By */
            by: string;
            /** Operations */
            operations: {
                [key: string]: unknown;
            }[];
            /** Origin */
            origin: string;
            /** Undoes */
            undoes: number | null;
            /** Version */
            version: number;
            /** Why */
            why: string;
        };
        /**
         * VersionList
         * @description Steps, newest first.
         */
        VersionList: {
            /** Data */
            data: components["schemas"]["Version"][];
            /** Has More */
            has_more: boolean;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * Video
         * @description A video job, and the video once it is finished.
         */
        Video: {
            /**
             * Completed At
             * @description When it ended, well or not.
             */
            completed_at: number | null;
            /** Created At */
            created_at: number;
            /** @description Why it failed, where it did. */
            error: components["schemas"]["VideoError"] | null;
            /**
             * Expires At
             * @description When its files go; null before there are some.
             */
            expires_at: number | null;
            /**
             * Id
             * @example video_6b06e0cb5d7f1bba8c51c5b756b114c84819627ff157bbe1
             */
            id: string;
            kinema: components["schemas"]["VideoExtras"];
            /**
             * Model
             * @description The model that was asked for.
             * @example sora-2
             */
            model: string;
            /**
             * Object
             * @default video
             * @constant
             */
            object: "video";
            /**
             * Progress
             * @description Percent.
             */
            progress: number;
            /** Prompt */
            prompt: string | null;
            /**
             * Remixed From Video Id
             * @description The video that this one changes.
             */
            remixed_from_video_id: string | null;
            /**
             * Seconds
             * @description Length; of an extension the whole.
             * @example 8
             */
            seconds: string;
            /**
             * Size
             * @example 1280x720
             */
            size: string;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "in_progress" | "completed" | "failed";
        };
        /**
         * VideoDeleted
         * @description That a video is gone.
         */
        VideoDeleted: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default video.deleted
             * @constant
             */
            object: "video.deleted";
        };
        /**
         * VideoError
         * @description Why a video failed.
         */
        VideoError: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * VideoExtras
         * @description What only Kinema says about a video.
         *
         *     ``number`` counts up with each that is accepted; ``model`` is the one that answers for the model
         *     that was asked for; ``state`` also knows paused and cancelled; ``phase`` is the stage it is in;
         *     ``eta`` the seconds left.
         */
        VideoExtras: {
            /** Batch */
            batch: string | null;
            /** Eta */
            eta: number | null;
            /** Favourite */
            favourite: boolean;
            /** Fingerprint */
            fingerprint: string | null;
            /** Model */
            model: string;
            /** Number */
            number: number | null;
            /** Phase */
            phase: string;
            /** Promised */
            promised: number | null;
            /** Quality */
            quality: string;
            /** Seed */
            seed: number;
            /** Source */
            source: string | null;
            /** Spread */
            spread: string | null;
            /** State */
            state: string;
            /** Style */
            style: string | null;
            /** Tags */
            tags: string[];
            /** Task */
            task: string;
            /** Title */
            title: string;
        };
        /**
         * VideoList
         * @description A page of videos; ``last_id`` is the ``after`` of the next.
         */
        VideoList: {
            /** Data */
            data: components["schemas"]["Video"][];
            /** First Id */
            first_id: string | null;
            /** Has More */
            has_more: boolean;
            /** Last Id */
            last_id: string | null;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * WebhookDelivery
         * @description A webhook on its way to an endpoint, or there.
         */
        WebhookDelivery: {
            /** Attempts */
            attempts: components["schemas"]["Attempt"][];
            /** Created At */
            created_at: number;
            /** Event Id */
            event_id: string;
            /** Event Type */
            event_type: string;
            /** Id */
            id: string;
            /** Next At */
            next_at: number | null;
            /**
             * Object
             * @default webhook_delivery
             * @constant
             */
            object: "webhook_delivery";
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "delivered" | "given_up";
            /** Subject */
            subject: string;
        };
        /**
         * WebhookDeliveryList
         * @description What was sent to an endpoint, newest first.
         */
        WebhookDeliveryList: {
            /** Data */
            data: components["schemas"]["WebhookDelivery"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * WebhookEndpoint
         * @description Where webhooks of some kinds go.
         */
        WebhookEndpoint: {
            /** Created At */
            created_at: number;
            /** Event Types */
            event_types: string[];
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Object
             * @default webhook_endpoint
             * @constant
             */
            object: "webhook_endpoint";
            /** Signing Secret Hint */
            signing_secret_hint: string;
            /** Updated At */
            updated_at: number;
            /** Url */
            url: string;
        };
        /**
         * WebhookEndpointDeleted
         * @description That an endpoint is gone.
         */
        WebhookEndpointDeleted: {
            /**
             * Deleted
             * @default true
             */
            deleted: boolean;
            /** Id */
            id: string;
            /**
             * Object
             * @default webhook_endpoint.deleted
             * @constant
             */
            object: "webhook_endpoint.deleted";
        };
        /**
         * WebhookEndpointList
         * @description A page of endpoints; ``last_id`` is the ``after`` of the next.
         */
        WebhookEndpointList: {
            /** Data */
            data: components["schemas"]["WebhookEndpoint"][];
            /** First Id */
            first_id: string | null;
            /** Has More */
            has_more: boolean;
            /** Last Id */
            last_id: string | null;
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /**
         * WebhookEndpointWithSecret
         * @description The same with what it signs with, which is shown once.
         */
        WebhookEndpointWithSecret: {
            /** Created At */
            created_at: number;
            /** Event Types */
            event_types: string[];
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Object
             * @default webhook_endpoint
             * @constant
             */
            object: "webhook_endpoint";
            /** Signing Secret */
            signing_secret: string;
            /** Signing Secret Hint */
            signing_secret_hint: string;
            /** Updated At */
            updated_at: number;
            /** Url */
            url: string;
        };
        /**
         * Word
         * @description A word or phrase of a prompt, ``prompt[start:end]``, and what it was taken for.
         */
        Word: {
            /** End */
            end: number;
            /** How */
            how: string;
            /** Slot */
            slot: string;
            /** Start */
            start: number;
            /** Text */
            text: string;
            /** Value */
            value: string;
        };
        /**
         * Worker
         * @description A process that makes videos.
         */
        Worker: {
            /** Host */
            host: string;
            /** Models */
            models: string[];
            /** Name */
            name: string;
            /** Seen */
            seen: number;
            /** Since */
            since: number;
            /** State */
            state: string;
        };
        /**
         * WorkerList
         * @description All of them.
         */
        WorkerList: {
            /** Data */
            data: components["schemas"]["Worker"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
    };
    responses: {
        /** @description Something in the request is wrong; `param` says what. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description Sent to another name than this server's, or by a page elsewhere. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description There is no such thing in this project. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description A range outside of the file. */
        RangeNotSatisfiable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description Something broke in the server. The request may be sent again. */
        ServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description More bytes than this server takes. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description A limit is reached; `retry-after` says when it is none any more. */
        TooManyRequests: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description No key, or one that opens nothing. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
        /** @description A body that is neither JSON nor a form. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Failure"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    batches_list: {
        parameters: {
            query?: {
                /** @description `last_id` of the page before. */
                after?: string | null;
                /** @description The most of a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    batches_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "input_file_id": "file_123",
                 *       "endpoint": "/v1/videos",
                 *       "completion_window": "24h"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description The time it may take.
                     * @enum {string}
                     */
                    completion_window: "24h";
                    /**
                     * @description Where each line goes.
                     * @enum {string}
                     */
                    endpoint: "/v1/videos";
                    /** @description A JSON Lines file of purpose `batch`. */
                    input_file_id: string;
                    /** @description Up to 16 texts by name. */
                    metadata?: {
                        [key: string]: string;
                    };
                    /** @description When the result files are deleted. */
                    output_expires_after?: {
                        /** @enum {string} */
                        anchor: "created_at";
                        seconds: number;
                    };
                };
                "multipart/form-data": {
                    /**
                     * @description The time it may take.
                     * @enum {string}
                     */
                    completion_window: "24h";
                    /**
                     * @description Where each line goes.
                     * @enum {string}
                     */
                    endpoint: "/v1/videos";
                    /** @description A JSON Lines file of purpose `batch`. */
                    input_file_id: string;
                    /** @description Up to 16 texts by name. */
                    metadata?: {
                        [key: string]: string;
                    };
                    /** @description When the result files are deleted. */
                    output_expires_after?: {
                        /** @enum {string} */
                        anchor: "created_at";
                        seconds: number;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    batches_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    batches_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_list: {
        parameters: {
            query?: {
                /** @description `last_id` of the page before. */
                after?: string | null;
                /** @description The most of a page. */
                limit?: number;
                /** @description By time of arrival. */
                order?: "asc" | "desc";
                /** @description Only those for this. */
                purpose?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description When it is deleted. */
                    expires_after?: {
                        /** @enum {string} */
                        anchor: "created_at";
                        seconds: number;
                    };
                    file: string;
                    /**
                     * @description What it is for.
                     * @enum {string}
                     */
                    purpose: "batch" | "user_data" | "vision";
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileDeleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description What the client has is the same. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_list_characters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CastList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_delete_character: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                character_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CharacterDeleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_change_character: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                character_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it looks like, in words. */
                    looks: string;
                };
                "multipart/form-data": {
                    /** @description What it looks like, in words. */
                    looks: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Played"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_character_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                character_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                };
            };
            /** @description What the client has is the same. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    library_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "favourite": true,
                 *       "title": "The fox",
                 *       "tags": [
                 *         "winter",
                 *         "take 2"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Whether it is one. */
                    favourite?: boolean;
                    /** @description Words to find it by. */
                    tags?: string[];
                    /** @description What it is called. */
                    title?: string;
                };
                "multipart/form-data": {
                    /** @description Whether it is one. */
                    favourite?: boolean;
                    /** @description Words to find it by. */
                    tags?: string[];
                    /** @description What it is called. */
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    library_family: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Family"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    library_reading: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reading"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    library_recipe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recipe"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    previews_draft: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "task": "text_to_video",
                 *       "prompt": "A red fox runs through a snowy forest",
                 *       "variations": 4,
                 *       "seconds": 4
                 *     }
                 */
                "application/json": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Fragmented MP4, sent while it is made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
            /** @description No worker is free; `retry-after` says when to ask. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    generations_forecast: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "task": "text_to_video",
                 *       "prompt": "A red fox runs through a snowy forest",
                 *       "variations": 4,
                 *       "seconds": 4
                 *     }
                 */
                "application/json": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Forecast"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    events_stream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Go on behind this one. */
                "last-event-id"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events until the client hangs up. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    reading_explain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
                "multipart/form-data": {
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reading"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    retakes_finish: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "videos": [
                 *         {
                 *           "id": "video_123"
                 *         }
                 *       ],
                 *       "size": "1920x1080"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description Of the new ones; that of each where nothing is said. */
                    size?: string;
                    /** @description Finished videos. */
                    videos: {
                        id: string;
                    }[];
                };
                "multipart/form-data": {
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description Of the new ones; that of each where nothing is said. */
                    size?: string;
                    /** @description Finished videos. */
                    videos: {
                        id: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    generations_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "task": "text_to_video",
                 *       "prompt": "A red fox runs through a snowy forest",
                 *       "variations": 4,
                 *       "seconds": 4
                 *     }
                 */
                "application/json": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    jobs_list: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    retakes_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description Another size, where the first was too large. */
                    size?: string;
                };
                "multipart/form-data": {
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description Another size, where the first was too large. */
                    size?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    jobs_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    jobs_move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description The video that it comes before; else it comes first. */
                    before?: string;
                };
                "multipart/form-data": {
                    /** @description The video that it comes before; else it comes first. */
                    before?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    jobs_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    jobs_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    live_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    live_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "A penguin walks through the snow",
                 *       "model": "animatic"
                 *     }
                 */
                "application/json": {
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
                "multipart/form-data": {
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
            /** @description No worker is free; `retry-after` says when to ask. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    live_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                live_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    live_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                live_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    live_reel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                live_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_list_looks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_create_look: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Winter tale",
                 *       "words": "soft snow light",
                 *       "style": "watercolour"
                 *     }
                 */
                "application/json": {
                    /** @description For people. */
                    name: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description What is added to the prompt. */
                    words?: string;
                };
                "multipart/form-data": {
                    /** @description For people. */
                    name: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description What is added to the prompt. */
                    words?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Look"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_change_look: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                look_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Winter tale",
                 *       "words": "soft snow light",
                 *       "style": "watercolour"
                 *     }
                 */
                "application/json": {
                    /** @description For people. */
                    name: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description What is added to the prompt. */
                    words?: string;
                };
                "multipart/form-data": {
                    /** @description For people. */
                    name: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description What is added to the prompt. */
                    words?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Look"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cast_delete_look: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                look_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookDeleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    reading_list_cards: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cards"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    previews_preview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "prompt": "A red fox runs through a snowy forest",
                 *       "pictures": 3
                 *     }
                 */
                "application/json": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description How many; one is the first. */
                    pictures?: number;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description How many; one is the first. */
                    pictures?: number;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
            /** @description No worker is free; `retry-after` says when to ask. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Failure"];
                };
            };
        };
    };
    library_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    keys_list_projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    keys_create_project: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Studio",
                 *       "limits": {
                 *         "per_minute": 25,
                 *         "seconds_per_day": 3600
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description In place of the limits of the installation. */
                    limits?: {
                        /** @description Videos accepted in a minute; 0 is no limit. */
                        per_minute?: number;
                        /** @description Videos that wait or are made; 0 is no limit. */
                        queued?: number;
                        /** @description Seconds of video in a day (UTC); 0 is no limit. */
                        seconds_per_day?: number;
                        /** @description Bytes of one request. */
                        upload?: number;
                    };
                    /** @description For people. */
                    name: string;
                    /** @description Weight in the fair share of the workers. */
                    share?: number;
                };
                "multipart/form-data": {
                    /** @description In place of the limits of the installation. */
                    limits?: {
                        /** @description Videos accepted in a minute; 0 is no limit. */
                        per_minute?: number;
                        /** @description Videos that wait or are made; 0 is no limit. */
                        queued?: number;
                        /** @description Seconds of video in a day (UTC); 0 is no limit. */
                        seconds_per_day?: number;
                        /** @description Bytes of one request. */
                        upload?: number;
                    };
                    /** @description For people. */
                    name: string;
                    /** @description Weight in the fair share of the workers. */
                    share?: number;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectSaid"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    keys_update_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description In place of the limits of the installation. */
                    limits?: {
                        /** @description Videos accepted in a minute; 0 is no limit. */
                        per_minute?: number;
                        /** @description Videos that wait or are made; 0 is no limit. */
                        queued?: number;
                        /** @description Seconds of video in a day (UTC); 0 is no limit. */
                        seconds_per_day?: number;
                        /** @description Bytes of one request. */
                        upload?: number;
                    };
                    /** @description For people. */
                    name?: string;
                    /** @description Weight in the fair share of the workers. */
                    share?: number;
                };
                "multipart/form-data": {
                    /** @description In place of the limits of the installation. */
                    limits?: {
                        /** @description Videos accepted in a minute; 0 is no limit. */
                        per_minute?: number;
                        /** @description Videos that wait or are made; 0 is no limit. */
                        queued?: number;
                        /** @description Seconds of video in a day (UTC); 0 is no limit. */
                        seconds_per_day?: number;
                        /** @description Bytes of one request. */
                        upload?: number;
                    };
                    /** @description For people. */
                    name?: string;
                    /** @description Weight in the fair share of the workers. */
                    share?: number;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectSaid"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    keys_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    keys_create_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Whether it may make projects and keys.
                     * @default false
                     */
                    admin?: boolean;
                    /** @description For people. */
                    name: string;
                };
                "multipart/form-data": {
                    /**
                     * @description Whether it may make projects and keys.
                     * @default false
                     */
                    admin?: boolean;
                    /** @description For people. */
                    name: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    keys_revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyRevoked"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_split: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Shapes of the films of kind `social`. */
                    formats?: ("9:16" | "1:1" | "16:9" | "4:5" | "4:3")[];
                    /**
                     * @description Which films a script becomes.
                     * @default film
                     * @enum {string}
                     */
                    kind?: "film" | "social";
                    /** @description A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML. */
                    script: string;
                    /** @description What it is called. */
                    title?: string;
                };
                "multipart/form-data": {
                    /** @description Shapes of the films of kind `social`. */
                    formats?: ("9:16" | "1:1" | "16:9" | "4:5" | "4:3")[];
                    /**
                     * @description Which films a script becomes.
                     * @default film
                     * @enum {string}
                     */
                    kind?: "film" | "social";
                    /** @description A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML. */
                    script: string;
                    /** @description What it is called. */
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptSplit"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    library_search: {
        parameters: {
            query?: {
                /** @description The last of the page before. */
                after?: string | null;
                /** @description Only favourites. */
                favourite?: boolean;
                limit?: number;
                /** @description It was made or asked for by this. */
                model?: string | null;
                /** @description It is this one. */
                number?: number | null;
                /** @description How well it was made. */
                quality?: components["schemas"]["Quality"] | null;
                /** @description A variation of these. */
                spread?: string | null;
                /** @description In this style. */
                style?: string | null;
                /** @description It has each of these. */
                tag?: string[] | null;
                /** @description How it was made. */
                task?: components["schemas"]["Task"] | null;
                /** @description Words of prompt or title. */
                text?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    sketch_sketch: {
        parameters: {
            query?: {
                /** @description Seconds from the beginning. */
                at?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "task": "text_to_video",
                 *       "prompt": "A red fox runs through a snowy forest",
                 *       "variations": 4,
                 *       "seconds": 4
                 *     }
                 */
                "application/json": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description A storyboard. */
                    cards?: {
                        file_id?: string;
                        image_url?: string;
                        /** @description What is to be seen. */
                        prompt: string;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        seconds?: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        transition?: string | number;
                    }[];
                    /** @description Characters. */
                    characters?: {
                        id: string;
                    }[];
                    /**
                     * @description How a blend goes.
                     * @default transition
                     * @enum {string}
                     */
                    curve?: "transition" | "mix" | "dip";
                    /**
                     * @description Where an extension goes.
                     * @default forward
                     * @enum {string}
                     */
                    direction?: "forward" | "backward";
                    /** @description Frames a second. */
                    fps?: number;
                    /** @description How closely the prompt is followed. */
                    guidance?: number;
                    /** @description What moves underneath: `animatic`, or a finished video. */
                    guide?: "animatic" | {
                        id: string;
                    };
                    /** @description Pictures at times. */
                    images?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        at?: string | number;
                        file_id?: string;
                        image_url?: string;
                        /** @enum {string} */
                        role?: "first" | "last" | "key" | "reference" | "prop" | "poster" | "backdrop";
                    }[];
                    keep?: {
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        end: string | number;
                        /** @description Seconds, as a number or as "2.5" or "5/2". */
                        start?: string | number;
                    };
                    /** @description A picture whose bright places may change. */
                    mask?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /** @description The model, as `GET /v1/models` names it. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt?: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /** @description The one that it is blended or joined with. */
                    second?: {
                        id?: string;
                    };
                    /** @description Seconds, as a number or as "2.5" or "5/2". */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description WIDTHxHEIGHT. */
                    size?: string;
                    /** @description Of sampling. */
                    steps?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description Refuse what would be left out. */
                    strict?: boolean;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /**
                     * @description What is to be done.
                     * @default text_to_video
                     * @enum {string}
                     */
                    task?: "text_to_video" | "text_to_image" | "image_to_video" | "extend" | "remix" | "edit" | "region_edit" | "outpaint" | "loop" | "blend" | "recut" | "storyboard" | "stream";
                    /** @description How many, each with a seed of its own. */
                    variations?: number;
                    /** @description The finished video that this begins with. */
                    video?: {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description The frame. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storage_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storage_clean: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "what": "drafts",
                 *       "days": 7
                 *     }
                 */
                "application/json": {
                    /** @description Only those that ended so many days ago. */
                    days?: number;
                    /**
                     * @description Which videos go; favourites stay.
                     * @enum {string}
                     */
                    what: "drafts" | "failed";
                };
                "multipart/form-data": {
                    /** @description Only those that ended so many days ago. */
                    days?: number;
                    /**
                     * @description Which videos go; favourites stay.
                     * @enum {string}
                     */
                    what: "drafts" | "failed";
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cleaned"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storage_disk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Disk"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_list: {
        parameters: {
            query?: {
                /** @description `last_id` of the page before. */
                after?: string | null;
                /** @description The most of a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "script": "EXT. FOREST - DAWN\n\nA red fox runs through the snow."
                 *     }
                 */
                "application/json": {
                    /** @description The document of a storyboard. */
                    document?: Record<string, never>;
                    /** @description Shapes of the films of kind `social`. */
                    formats?: ("9:16" | "1:1" | "16:9" | "4:5" | "4:3")[];
                    /** @description Frames a second, such as 24 or 24000/1001. */
                    fps?: string;
                    /**
                     * @description Which films a script becomes.
                     * @default film
                     * @enum {string}
                     */
                    kind?: "film" | "social";
                    /** @description In which it is written. */
                    language?: string;
                    /** @description The model that makes its shots. */
                    model?: string;
                    /** @description A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML. */
                    script?: string;
                    /** @description Of the films, such as 1280x720. */
                    size?: string;
                    /** @description What it is called. */
                    title?: string;
                };
                "multipart/form-data": {
                    /** @description The document of a storyboard. */
                    document?: Record<string, never>;
                    /** @description Shapes of the films of kind `social`. */
                    formats?: ("9:16" | "1:1" | "16:9" | "4:5" | "4:3")[];
                    /** @description Frames a second, such as 24 or 24000/1001. */
                    fps?: string;
                    /**
                     * @description Which films a script becomes.
                     * @default film
                     * @enum {string}
                     */
                    kind?: "film" | "social";
                    /** @description In which it is written. */
                    language?: string;
                    /** @description The model that makes its shots. */
                    model?: string;
                    /** @description A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML. */
                    script?: string;
                    /** @description Of the films, such as 1280x720. */
                    size?: string;
                    /** @description What it is called. */
                    title?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_retrieve: {
        parameters: {
            query?: {
                /** @description As it was then. */
                version?: number | null;
            };
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_replace: {
        parameters: {
            query?: never;
            header?: {
                /** @description The version that it replaces. */
                "if-match"?: string | null;
            };
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The document of a storyboard. */
                    document: Record<string, never>;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The document of a storyboard. */
                    document: Record<string, never>;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardDeleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    takes_choose: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The id of a shot. */
                    shot: string;
                    /** @description A video of the shot, or a take of the document; none: what is made. */
                    take?: string;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The id of a shot. */
                    shot: string;
                    /** @description A video of the shot, or a take of the document; none: what is made. */
                    take?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    cuts_cut: {
        parameters: {
            query?: {
                /** @description Of which film; the first else. */
                deliverable?: string | null;
                /** @description In which language; the film's else. */
                language?: string | null;
            };
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SolvedCut"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    exporting_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description What is made.
                     * @default mp4
                     * @enum {string}
                     */
                    as?: "mp4" | "otio" | "fcp7xml" | "edl" | "vtt" | "srt" | "ass" | "zip";
                    /** @description Of which film; the first where none is named. */
                    deliverable?: string;
                };
                "multipart/form-data": {
                    /**
                     * @description What is made.
                     * @default mp4
                     * @enum {string}
                     */
                    as?: "mp4" | "otio" | "fcp7xml" | "edl" | "vtt" | "srt" | "ass" | "zip";
                    /** @description Of which film; the first where none is named. */
                    deliverable?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    exporting_list_exports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    exporting_retrieve_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                export_id: string;
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    exporting_cancel_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                export_id: string;
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    exporting_export_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                export_id: string;
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-subrip": string;
                    "application/zip": string;
                    "text/vtt": string;
                    "text/x-ssa": string;
                    "video/mp4": string;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-subrip": string;
                    "application/zip": string;
                    "text/vtt": string;
                    "text/x-ssa": string;
                    "video/mp4": string;
                };
            };
            /** @description What the client has is the same. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_of_boards_add_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description A file that was uploaded. */
                    file: {
                        file_id?: string;
                    };
                    /** @description The id of a shot. */
                    shot?: string;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description A file that was uploaded. Or the file itself. */
                    file: string | {
                        file_id?: string;
                    };
                    /** @description The id of a shot. */
                    shot?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardFile"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    files_of_boards_file_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                board_file: string;
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/webp": string;
                    "video/mp4": string;
                    "video/webm": string;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/webp": string;
                    "video/mp4": string;
                    "video/webm": string;
                };
            };
            /** @description What the client has is the same. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    exporting_import_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description Of which film it is. */
                    deliverable?: string;
                    /** @description A file that was uploaded. */
                    file: {
                        file_id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description Of which film it is. */
                    deliverable?: string;
                    /** @description A file that was uploaded. Or the file itself. */
                    file: string | {
                        file_id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Imported"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    takes_make: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description Only these; a chosen take of one that is stale is let go. */
                    shots?: string[];
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description Only these; a chosen take of one that is stale is let go. */
                    shots?: string[];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Begun"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_operate: {
        parameters: {
            query?: never;
            header?: {
                /** @description In place of `version`. */
                "if-match"?: string | null;
            };
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": 7,
                 *       "operations": [
                 *         {
                 *           "op": "set",
                 *           "at": "shots/forest.fox-runs/prompt",
                 *           "now": "A fox runs"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The same for a step that is sent again. */
                    key?: string;
                    /** @description Changes, all or none of which are done. */
                    operations: {
                        /** @description A path of ids: `shots/forest.fox-runs/prompt`. */
                        at: string;
                        before?: string | null;
                        by?: string;
                        /** @description The new value; of a rename the new id. */
                        now?: unknown;
                        /** @enum {string} */
                        op: "set" | "insert" | "remove" | "move" | "rename";
                        /** @description The old value. */
                        was?: unknown;
                        was_before?: string | null;
                        why?: string;
                    }[];
                    /** @description The version that it was made on. */
                    version?: number;
                    /** @description For people. */
                    why?: string;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The same for a step that is sent again. */
                    key?: string;
                    /** @description Changes, all or none of which are done. */
                    operations: {
                        /** @description A path of ids: `shots/forest.fox-runs/prompt`. */
                        at: string;
                        before?: string | null;
                        by?: string;
                        /** @description The new value; of a rename the new id. */
                        now?: unknown;
                        /** @enum {string} */
                        op: "set" | "insert" | "remove" | "move" | "rename";
                        /** @description The old value. */
                        was?: unknown;
                        was_before?: string | null;
                        why?: string;
                    }[];
                    /** @description The version that it was made on. */
                    version?: number;
                    /** @description For people. */
                    why?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    takes_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_redo_last: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The version that it was made on. */
                    version: number;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description The version that it was made on. */
                    version: number;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    takes_retake: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default 1 */
                    count?: number;
                    /** Format: int64 */
                    seed?: number;
                    /** @description The id of a shot. */
                    shot: string;
                };
                "multipart/form-data": {
                    /** @default 1 */
                    count?: number;
                    /** Format: int64 */
                    seed?: number;
                    /** @description The id of a shot. */
                    shot: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Begun"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    rewriting_rewrite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description Shapes of the films of kind `social`. */
                    formats?: ("9:16" | "1:1" | "16:9" | "4:5" | "4:3")[];
                    /**
                     * @description Which films a script becomes.
                     * @default film
                     * @enum {string}
                     */
                    kind?: "film" | "social";
                    /** @description A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML. */
                    script: string;
                    /** @description What it is called. */
                    title?: string;
                    /** @description The version that it was made on. */
                    version?: number;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                    /** @description Shapes of the films of kind `social`. */
                    formats?: ("9:16" | "1:1" | "16:9" | "4:5" | "4:3")[];
                    /**
                     * @description Which films a script becomes.
                     * @default film
                     * @enum {string}
                     */
                    kind?: "film" | "social";
                    /** @description A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML. */
                    script: string;
                    /** @description What it is called. */
                    title?: string;
                    /** @description The version that it was made on. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptTaken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_undo_last: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                };
                "multipart/form-data": {
                    /** @description Who does it: a person, or a window. */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Board"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Others have changed the same since. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardConflict"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    storyboards_versions: {
        parameters: {
            query?: {
                /** @description Only older ones. */
                before?: number | null;
                /** @description The most of a page. */
                limit?: number;
            };
            header?: never;
            path: {
                storyboard_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    usage_retrieve: {
        parameters: {
            query?: {
                /** @description Back from today. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    retakes_vary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "videos": [
                 *         {
                 *           "id": "video_123"
                 *         }
                 *       ],
                 *       "variations": 4
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description How many of each. */
                    variations?: number;
                    /** @description Finished videos. */
                    videos: {
                        id: string;
                    }[];
                };
                "multipart/form-data": {
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description How many of each. */
                    variations?: number;
                    /** @description Finished videos. */
                    videos: {
                        id: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_list_deliveries: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    jobs_list_workers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    models_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    models_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_list: {
        parameters: {
            query?: {
                /** @description `last_id` of the page before. */
                after?: string | null;
                /** @description The most videos of a page. */
                limit?: number;
                /** @description By time of arrival. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "A red fox runs through a snowy forest",
                 *       "model": "sora-2",
                 *       "seconds": "8",
                 *       "size": "1280x720"
                 *     }
                 */
                "application/json": {
                    /** @description Characters whose names the prompt holds. */
                    characters?: {
                        id: string;
                    }[];
                    /** @description The picture that the video begins with, of the video's size: PNG, JPEG or WebP. */
                    input_reference?: {
                        file_id?: string;
                        image_url?: string;
                    };
                    /**
                     * @description The model, as `GET /v1/models` names it.
                     * @default sora-2
                     */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * @description Length. 4, 8, 12, 16 or 20 with the names that clients know.
                     * @default 4
                     * @example 4
                     * @example 8
                     * @example 12
                     * @example 16
                     * @example 20
                     */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /**
                     * @description 720x1280 or 1280x720, and 1024x1792, 1792x1024, 1080x1920 or 1920x1080 with sora-2-pro; any size of its card with a model of ours.
                     * @default 720x1280
                     */
                    size?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
                "multipart/form-data": {
                    /** @description Characters whose names the prompt holds. */
                    characters?: {
                        id: string;
                    }[];
                    /** @description The picture that the video begins with, of the video's size: PNG, JPEG or WebP. Or the file itself. */
                    input_reference?: string | {
                        file_id?: string;
                        image_url?: string;
                    };
                    /**
                     * @description The model, as `GET /v1/models` names it.
                     * @default sora-2
                     */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * @description Length. 4, 8, 12, 16 or 20 with the names that clients know.
                     * @default 4
                     * @example 4
                     * @example 8
                     * @example 12
                     * @example 16
                     * @example 20
                     */
                    seconds?: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /**
                     * @description 720x1280 or 1280x720, and 1024x1792, 1792x1024, 1080x1920 or 1920x1080 with sora-2-pro; any size of its card with a model of ours.
                     * @default 720x1280
                     */
                    size?: string;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoDeleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    content_download: {
        parameters: {
            query?: {
                /** @description The video as MP4, a still of it as WebP, or a sheet of stills as JPEG. */
                variant?: "video" | "thumbnail" | "spritesheet";
            };
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/webp": string;
                    "video/mp4": string;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/webp": string;
                    "video/mp4": string;
                };
            };
            /** @description What the client has is the same. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_remix: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                video_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "At night"
                 *     }
                 */
                "application/json": {
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
                "multipart/form-data": {
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    characters_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What it looks like, in words. Kinema's own. */
                    looks?: string;
                    /** @description What prompts call it: a letter first, then also digits, ' and -. */
                    name: string;
                    /** @description A finished video. */
                    video: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description What it looks like, in words. Kinema's own. */
                    looks?: string;
                    /** @description What prompts call it: a letter first, then also digits, ' and -. */
                    name: string;
                    /** @description A finished video. Or the file itself. */
                    video: string | {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Character"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    characters_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                character_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Character"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_edit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "Make the fox blue",
                 *       "video": {
                 *         "id": "video_123"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description The model, for a video that came as a file. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description A finished video. */
                    video: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description The model, for a video that came as a file. */
                    model?: string;
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description How much may change. Kinema's own. */
                    strength?: number;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description A finished video. Or the file itself. */
                    video: string | {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    videos_extend: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "The fox sits down",
                 *       "seconds": "4",
                 *       "video": {
                 *         "id": "video_123"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * @description Length of what is added: 4, 8, 12, 16 or 20.
                     * @example 4
                     * @example 8
                     * @example 12
                     * @example 16
                     * @example 20
                     */
                    seconds: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description A finished video. */
                    video: {
                        id?: string;
                    };
                };
                "multipart/form-data": {
                    /** @description What is not to be seen. Kinema's own. */
                    negative_prompt?: string;
                    /** @description What is to be seen. */
                    prompt: string;
                    /**
                     * @description Time against quality. Kinema's own.
                     * @default standard
                     * @enum {string}
                     */
                    quality?: "draft" | "standard" | "high";
                    /**
                     * @description Length of what is added: 4, 8, 12, 16 or 20.
                     * @example 4
                     * @example 8
                     * @example 12
                     * @example 16
                     * @example 20
                     */
                    seconds: string | number;
                    /**
                     * Format: int64
                     * @description The same request with the same seed gives the same video. Kinema's own.
                     * @default 0
                     */
                    seed?: number;
                    /** @description A style of the model's card. Kinema's own. */
                    style?: string;
                    /** @description A finished video. Or the file itself. */
                    video: string | {
                        id?: string;
                    };
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_list_endpoints: {
        parameters: {
            query?: {
                /** @description `last_id` of the page before. */
                after?: string | null;
                /** @description The most of a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Studio",
                 *       "url": "https://example.com/webhooks",
                 *       "event_types": [
                 *         "video.completed",
                 *         "video.failed"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What it is told of. */
                    event_types: ("video.completed" | "video.failed" | "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled")[];
                    /** @description For people. */
                    name: string;
                    /** @description Of http or https. */
                    url: string;
                };
                "multipart/form-data": {
                    /** @description What it is told of. */
                    event_types: ("video.completed" | "video.failed" | "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled")[];
                    /** @description For people. */
                    name: string;
                    /** @description Of http or https. */
                    url: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description What it is told of. */
                    event_types?: ("video.completed" | "video.failed" | "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled")[];
                    /** @description For people. */
                    name?: string;
                    /** @description Of http or https. */
                    url?: string;
                };
                "multipart/form-data": {
                    /** @description What it is told of. */
                    event_types?: ("video.completed" | "video.failed" | "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled")[];
                    /** @description For people. */
                    name?: string;
                    /** @description Of http or https. */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointDeleted"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_rotate_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description The old secret signs beside the new one for a day.
                     * @default false
                     */
                    keep_old_secret_active_for_24_hours?: boolean;
                };
                "multipart/form-data": {
                    /**
                     * @description The old secret signs beside the new one for a day.
                     * @default false
                     */
                    keep_old_secret_active_for_24_hours?: boolean;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description What the sample is.
                     * @enum {string}
                     */
                    event_type: "video.completed" | "video.failed" | "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled";
                };
                "multipart/form-data": {
                    /**
                     * @description What the sample is.
                     * @enum {string}
                     */
                    event_type: "video.completed" | "video.failed" | "batch.completed" | "batch.failed" | "batch.expired" | "batch.cancelled";
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
    webhooks_list_event_types: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServerError"];
        };
    };
}
