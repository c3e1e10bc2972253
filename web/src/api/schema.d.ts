export interface paths {
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
        /** Mark a video as a favourite, or no longer */
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
        /** The project's events; those behind ``Last-Event-ID`` first */
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
    "/v1/kinema/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The project's videos whose prompt holds all of these words, newest first */
        get: operations["library_search"];
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Cards
         * @description The cards of all models: what each is, can do, needs and costs.
         */
        Cards: {
            /** Data */
            data: {
                [key: string]: unknown;
            }[];
            /**
             * Object
             * @default list
             */
            object: string;
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
         */
        Recipe: {
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
         *     ``model`` is the one that answers for the model that was asked for; ``state`` also knows
         *     paused and cancelled; ``phase`` is the stage it is in; ``eta`` the seconds left.
         */
        VideoExtras: {
            /** Eta */
            eta: number | null;
            /** Favourite */
            favourite: boolean;
            /** Fingerprint */
            fingerprint: string | null;
            /** Model */
            model: string;
            /** Phase */
            phase: string;
            /** Promised */
            promised: number | null;
            /** Source */
            source: string | null;
            /** Spread */
            spread: string | null;
            /** State */
            state: string;
            /** Task */
            task: string;
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
    library_change: {
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
    generations_forecast: {
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
                    "application/json": components["schemas"]["Forecast"];
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
    events_stream: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string | null;
            };
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
    reading_explain: {
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
    generations_create: {
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
    library_search: {
        parameters: {
            query?: {
                favourite?: boolean;
                limit?: number;
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
}
