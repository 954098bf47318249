/* Rosters: what a file says, row by row, and that accepting is done once, and undone as a whole. */
#include "roster/roster.h"
#include "roster_sql.h"
#include "sheet/sheet.h"
#include "story.h"

static struct roster_reading read_text(struct story *story, const char *text)
{
    struct roster_reading reading;
    roster_read(story->ctx, (struct bytes){text, strlen(text)}, (struct roster_options){0},
                &reading);
    return reading;
}

static const char *good_line(struct story *story, const char *name)
{
    struct made_person made = simulate__person(story->ctx, 11, story->next_person++, COUNTY);
    return arena_printf(story->ctx->arena, "%s,%s,%s\n", name, made.identity_no, made.phone);
}

#define HEADER "某县培训名单\n姓名,公民身份号码*,联系电话\n"

static bool has_fault(const struct roster_reading *reading, int64_t row, const char *code)
{
    for (size_t i = 0; i < reading->faults.count; i++)
        if (reading->faults.items[i].row == row && strcmp(reading->faults.items[i].code, code) == 0)
            return true;
    return false;
}

static void each_fault_is_said_where_it_stands(void **state)
{
    struct story *story = story_begin(*state);
    const char *good = good_line(story, "张三");
    const char *text = arena_printf(
        story->ctx->arena,
        HEADER "%s%s李四,530129199001010000,13900000001\n王五,5.30129E+17,13900000002\n"
               ",530102199003070011,1\n\n钱七,12345,13900000003\n",
        good, good);
    struct roster_reading reading = read_text(story, text);
    assert_int_equal(reading.outcome, ROSTER_UPLOAD_DONE);
    assert_int_equal(reading.header.row, 2);
    assert_int_equal(reading.rows, 6);
    assert_int_equal(reading.accepted, 1);
    assert_true(has_fault(&reading, 4, "duplicate"));
    assert_true(has_fault(&reading, 5, "id-tail-lost"));
    assert_true(has_fault(&reading, 6, "id-scientific"));
    assert_true(has_fault(&reading, 7, "required"));
    assert_true(has_fault(&reading, 9, "id-length"));
}

static void a_file_is_screened_against_the_registry(void **state)
{
    struct story *story = story_begin(*state);
    struct made_person known = simulate__person(story->ctx, 11, story->next_person++, COUNTY);
    person_id id;
    struct person_args args = {.identity_no = known.identity_no, .name = "张三"};
    assert_int_equal(registry_person_register(story->ctx, &args, &id), PERSON_REGISTER_DONE);
    const char *again = arena_printf(story->ctx->arena, "%s,%s", "张三", known.identity_no);
    const char *other = arena_printf(story->ctx->arena, "%s,%s", "李四", known.identity_no);
    struct roster_reading reading;
    struct roster_options options = {.asks_registry = true};
    const char *text = arena_printf(story->ctx->arena, HEADER "%s,\n赵六,1,\n", again);
    roster_read(story->ctx, (struct bytes){text, strlen(text)}, options, &reading);
    assert_int_equal(reading.registered, 1);
    assert_int_equal(reading.accepted, 1);
    text = arena_printf(story->ctx->arena, HEADER "%s,\n赵六,1,\n", other);
    roster_read(story->ctx, (struct bytes){text, strlen(text)}, options, &reading);
    assert_int_equal(reading.registered, 0);
    assert_int_equal(reading.accepted, 0);
    assert_true(has_fault(&reading, 3, "person_register.name_differs"));
    assert_int_equal(reading.faults.items[1].row, 4); /* in the order of the rows */
}

static void a_file_that_is_no_roster_is_refused(void **state)
{
    struct story *story = story_begin(*state);
    assert_int_equal(read_text(story, "PK\3\4garbage").outcome, ROSTER_UPLOAD_UNREADABLE);
    assert_int_equal(read_text(story, "a,b\n1,2\n").outcome, ROSTER_UPLOAD_NO_HEADER);
    assert_int_equal(read_text(story, "姓名,手机号\n张三,139\n").outcome,
                     ROSTER_UPLOAD_COLUMN_MISSING);
    assert_int_equal(read_text(story, "姓名,学员姓名,身份证号\n张三,李四,1\n").outcome,
                     ROSTER_UPLOAD_COLUMN_TWICE);
    assert_int_equal(read_text(story, "姓名,身份证号\n").outcome, ROSTER_UPLOAD_EMPTY);
    /* roster_upload.no_file is what the page says without a file: tests/walk. */
}

static struct roster_reader *open_text(struct story *story, const char *text)
{
    struct roster_header header;
    struct roster_reader *reader =
        roster_reader_open(story->ctx, (struct bytes){text, strlen(text)}, &header);
    assert_non_null(reader);
    return reader;
}

static roster_import_id stage(struct story *story, training_class_id class, const char *text,
                              enum roster_upload expected)
{
    roster_import_id id = {0};
    struct roster_portion first;
    roster_reader_next(open_text(story, text), &first);
    struct roster_file file = {.class = class,
                               .file_name = "名单.csv",
                               .content = {text, strlen(text)},
                               .file_hash = arena_printf(story->ctx->arena, "%zu", strlen(text)),
                               .first = &first};
    assert_int_equal(roster_stage(story->ctx, &file, &id), expected);
    return id;
}

static enum roster_accept accept(struct ctx *ctx, roster_import_id id, int64_t *ret_enrolled)
{
    struct roster_intake intake;
    enum roster_accept answer =
        roster_accept(ctx, &(struct roster_acceptance){.import = id}, &intake);
    *ret_enrolled = intake.enrolled;
    return answer;
}

/* The column 人员类别 says who may sit in a class that is for some groups only. */
static void groups_of_a_file_are_the_programmes(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    story->programme = pack_programme(story->pack, "T04-RANGER");
    story_allow(story, story->programme);
    training_class_id class = story_approved(story, "A1");
    static const char *const groups[] = {"生态护林员", "", "村干部", "退役军人、生态护林员"};
    struct buffer file = buffer_new(ctx->arena, 1024);
    struct made_person made[4];
    buffer_add(&file, "姓名,身份证号,人员类别\n");
    for (size_t i = 0; i < 4; i++) {
        made[i] = simulate__person(ctx, 11, story->next_person++, COUNTY);
        buffer_printf(&file, "%s,%s,%s\n", made[i].name, made[i].identity_no, groups[i]);
    }
    roster_import_id id = stage(story, class, file.bytes, ROSTER_UPLOAD_DONE);
    struct roster_note_list notes =
        sql_findings_of(ctx, &(struct sql_findings_of){.import = id, .most = 4});
    assert_int_equal(notes.count, 2);
    assert_int_equal(notes.items[0].row_number, 3);
    assert_int_equal(notes.items[1].row_number, 4);
    assert_string_equal(notes.items[0].code, "class_enrol.group_not_admitted");
    assert_string_equal(notes.items[1].code, "class_enrol.group_unknown");
    assert_non_null(strstr(notes.items[0].message, "生态护林员"));
    int64_t enrolled;
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_DONE);
    assert_int_equal(enrolled, 2);
    /* What was declared is known of the person from now on. */
    struct person person;
    assert_true(registry_person_by_number(ctx, made[3].identity_no, &person));
    assert_string_equal(person.tags, "|veteran|forest_ranger|");
}

static void accepting_twice_enrols_once(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1"), nowhere = {42};
    training_class_id draft = story_draft(story, "A2", day_plus(ctx->today, 90));
    roster_import_id no_import = {42};
    int64_t enrolled;
    const char *text = arena_printf(ctx->arena, HEADER "%s%s赵六,1,2\n", good_line(story, "张三"),
                                    good_line(story, "李四"));
    stage(story, nowhere, text, ROSTER_UPLOAD_NOT_FOUND);
    stage(story, draft, text, ROSTER_UPLOAD_WRONG_STATE);
    story_act(story, "other");
    stage(story, class, text, ROSTER_UPLOAD_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    roster_import_id id = stage(story, class, text, ROSTER_UPLOAD_DONE);
    assert_int_equal(training_enrolments(ctx, class).count, 0);
    assert_int_equal(accept(ctx, no_import, &enrolled), ROSTER_ACCEPT_NOT_FOUND);
    story_act(story, "other");
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_DONE);
    assert_int_equal(enrolled, 2);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_ALREADY);
    assert_int_equal(stage(story, class, text, ROSTER_UPLOAD_DONE).v, id.v);
    assert_int_equal(training_enrolments(ctx, class).count, 2);
    /* The same people in another file are in the class already. */
    const char *again = arena_printf(ctx->arena, "%s\n", text);
    roster_import_id second = stage(story, class, again, ROSTER_UPLOAD_DONE);
    assert_int_equal(accept(ctx, second, &enrolled), ROSTER_ACCEPT_NOTHING_GOOD);
}

static void an_import_is_undone_as_a_whole(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    roster_import_id no_import = {42};
    int64_t enrolled;
    const char *text =
        arena_printf(ctx->arena, HEADER "%s%s", good_line(story, "张三"), good_line(story, "李四"));
    roster_import_id id = stage(story, class, text, ROSTER_UPLOAD_DONE);
    assert_int_equal(roster_undo(ctx, id), ROSTER_UNDO_WRONG_STATE);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_DONE);
    assert_int_equal(roster_undo(ctx, no_import), ROSTER_UNDO_NOT_FOUND);
    story_act(story, "other");
    assert_int_equal(roster_undo(ctx, id), ROSTER_UNDO_NOT_YOUR_INSTITUTION);
    story_act(story, "school");
    assert_int_equal(roster_undo(ctx, id), ROSTER_UNDO_DONE);
    assert_int_equal(training_enrolments(ctx, class).count, 0);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_UNDONE);
    /* The same file may come in again after that, and stays once somebody of it was there. */
    roster_import_id again = stage(story, class, text, ROSTER_UPLOAD_DONE);
    assert_int_equal(accept(ctx, again, &enrolled), ROSTER_ACCEPT_DONE);
    story_attend(story, class);
    assert_int_equal(roster_undo(ctx, again), ROSTER_UNDO_ATTENDED);
}

/* Seats are counted in the preview: nobody is promised one that there is not. */
static void a_preview_fills_the_seats_and_no_more(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    struct buffer text = buffer_new(ctx->arena, 4096);
    int64_t enrolled;
    buffer_add(&text, HEADER);
    for (int i = 0; i < 23; i++)
        buffer_add(&text, good_line(story, "张三"));
    roster_import_id id = stage(story, class, text.bytes, ROSTER_UPLOAD_DONE);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_DONE);
    assert_int_equal(enrolled, 20);
    buffer_add(&text, good_line(story, "李四"));
    roster_import_id second = stage(story, class, text.bytes, ROSTER_UPLOAD_DONE);
    assert_int_equal(accept(ctx, second, &enrolled), ROSTER_ACCEPT_NOTHING_GOOD);
}

static void doubtful_lines_wait_for_a_second_look(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    struct made_person made = simulate__person(ctx, 11, story->next_person++, COUNTY);
    const char *text =
        arena_printf(ctx->arena, "姓名,身份证号,银行账号\n%s,%s,6217001230001234567\n", "张三",
                     made.identity_no);
    struct roster_reading reading = read_text(story, text);
    int64_t enrolled;
    assert_int_equal(reading.accepted, 1);
    assert_int_equal(reading.doubts.count, 1);
    assert_string_equal(reading.doubts.items[0].code, "bank-account-checksum");
    assert_int_equal(reading.doubts.items[0].column, 2);
    roster_import_id id = stage(story, class, text, ROSTER_UPLOAD_DONE);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_NOTHING_GOOD);
    struct roster_acceptance looked_at = {.import = id, .takes_doubtful = true};
    struct roster_intake intake;
    assert_int_equal(roster_accept(ctx, &looked_at, &intake), ROSTER_ACCEPT_DONE);
    assert_int_equal(intake.enrolled, 1);
    assert_int_equal(roster_accept(ctx, &looked_at, &intake), ROSTER_ACCEPT_ALREADY);
    assert_int_equal(training_enrolments(ctx, class).count, 1);
}

/* --- files that are longer than one portion */

enum { LONG_ROWS = 3 * ROSTER_PORTION + 7 };

static const char *long_text(struct story *story)
{
    struct buffer text = buffer_new(story->ctx->arena, 256 * 1024);
    buffer_add(&text, HEADER);
    for (int i = 0; i < LONG_ROWS; i++)
        buffer_add(&text, good_line(story, "张三"));
    return text.bytes;
}

/* Reads the file from its start, as after a crash, and stages up to `most` portions that are not
 * there yet; how many were. */
static int go_on(struct story *story, roster_import_id id, const char *text, int64_t *read_to,
                 int most)
{
    struct roster_reader *reader = open_text(story, text);
    struct roster_portion portion = {0};
    int staged = 0;
    while (!portion.is_last && staged < most) {
        roster_reader_next(reader, &portion);
        if (portion.count > 0 && portion.lines[portion.count - 1].row <= *read_to)
            continue;
        struct roster_continuation next = {id, *read_to, &portion};
        assert_true(roster_stage_more(story->ctx, &next));
        assert_false(roster_stage_more(story->ctx, &next)); /* whoever was slower */
        *read_to = portion.lines[portion.count - 1].row;
        staged++;
    }
    return staged;
}

static void a_long_file_goes_on_where_it_stopped(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    const char *text = long_text(story);
    int64_t enrolled, read_to = 2 + ROSTER_PORTION; /* two title rows, and the first portion */
    roster_import_id id = stage(story, class, text, ROSTER_UPLOAD_DONE);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_READING);
    assert_int_equal(go_on(story, id, text, &read_to, 1), 1);
    /* The same file meanwhile is the same import, and nothing of it is staged again. */
    assert_int_equal(stage(story, class, text, ROSTER_UPLOAD_DONE).v, id.v);
    assert_int_equal(go_on(story, id, text, &read_to, 9), 2);
    assert_int_equal(read_to, 2 + LONG_ROWS);
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_DONE);
    assert_int_equal(enrolled, 20); /* the seats, promised once over all portions */
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_ALREADY);
    assert_int_equal(training_enrolments(ctx, class).count, 20);
    assert_int_equal(roster_undo(ctx, id), ROSTER_UNDO_DONE);
    assert_int_equal(training_enrolments(ctx, class).count, 0);
}

/* A number is remembered over all portions. */
static void a_duplicate_is_found_across_portions(void **state)
{
    struct story *story = story_begin(*state);
    const char *again = good_line(story, "李四");
    const char *text =
        arena_printf(story->ctx->arena, "%s%s%s", HEADER, again, long_text(story) + strlen(HEADER));
    text = arena_printf(story->ctx->arena, "%s%s", text, again);
    struct roster_reading reading = read_text(story, text);
    assert_int_equal(reading.rows, LONG_ROWS + 2);
    assert_int_equal(reading.faults.count, 1);
    assert_true(has_fault(&reading, 2 + LONG_ROWS + 2, "duplicate"));
}

/* What cannot be read to its end is never accepted in part. */
static void a_file_that_breaks_off_is_not_accepted(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    const char *text = long_text(story);
    int64_t enrolled;
    roster_import_id id = stage(story, class, text, ROSTER_UPLOAD_DONE);
    struct roster_portion broken = {
        .is_last = true, .outcome = ROSTER_UPLOAD_UNREADABLE, .detail = "坏了"};
    assert_true(
        roster_stage_more(ctx, &(struct roster_continuation){id, 2 + ROSTER_PORTION, &broken}));
    assert_int_equal(accept(ctx, id, &enrolled), ROSTER_ACCEPT_BROKEN);
    /* Looked at again, it is a new import. */
    assert_true(stage(story, class, text, ROSTER_UPLOAD_DONE).v != id.v);
}

static void an_account_that_two_rows_share_is_doubted(void **state)
{
    struct story *story = story_begin(*state);
    struct made_person a = simulate__person(story->ctx, 11, story->next_person++, COUNTY);
    struct made_person b = simulate__person(story->ctx, 11, story->next_person++, COUNTY);
    const char *text =
        arena_printf(story->ctx->arena, "姓名,身份证号,银行账号\n%s,%s,%s\n%s,%s,%s\n", "张三",
                     a.identity_no, a.bank_account, "李四", b.identity_no, a.bank_account);
    struct roster_reading reading = read_text(story, text);
    assert_int_equal(reading.accepted, 2);
    assert_int_equal(reading.doubts.count, 1);
    assert_string_equal(reading.doubts.items[0].code, "account-shared");
    assert_int_equal(reading.doubts.items[0].row, 3);
}

/* Who is known comes in as the file has them: what that changes is said before. */
static void changes_of_a_known_person_are_said(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    training_class_id class = story_approved(story, "A1");
    struct made_person made = simulate__person(ctx, 11, story->next_person++, COUNTY);
    struct made_person other = simulate__person(ctx, 11, story->next_person++, COUNTY);
    struct person_args args = {.identity_no = made.identity_no,
                               .name = "张三",
                               .phone = "13908712345",
                               .bank_account = made.bank_account};
    struct person person;
    person_id id;
    int64_t enrolled;
    assert_int_equal(registry_person_register(ctx, &args, &id), PERSON_REGISTER_DONE);
    const char *text =
        arena_printf(ctx->arena, "姓名,身份证号,手机号,银行账号\n张三,%s,13908712346,%s\n",
                     made.identity_no, other.bank_account);
    roster_import_id import = stage(story, class, text, ROSTER_UPLOAD_DONE);
    struct roster_note_list notes =
        sql_findings_of(ctx, &(struct sql_findings_of){.import = import, .most = 9});
    assert_int_equal(notes.count, 2);
    assert_string_equal(notes.items[0].field, "phone");
    assert_string_equal(notes.items[1].field, "bank_account");
    assert_int_equal(notes.items[0].verdict, LINE_VERDICT_CHANGED);
    assert_int_equal(sql_marks_of(ctx, import).count, 0); /* nothing is to be mended */
    assert_true(registry_person(ctx, id, &person));
    assert_string_equal(person.phone, "13908712345");
    assert_int_equal(accept(ctx, import, &enrolled), ROSTER_ACCEPT_DONE);
    assert_int_equal(enrolled, 1);
    assert_true(registry_person(ctx, id, &person));
    assert_string_equal(person.phone, "13908712346");
    assert_string_equal(person.bank_account, other.bank_account);
}

/* --- another name under a known number */

static person_id register_as(struct story *story, const char *identity_no, const char *name)
{
    person_id id;
    struct person_args args = {.identity_no = identity_no, .name = name};
    assert_int_equal(registry_person_register(story->ctx, &args, &id), PERSON_REGISTER_DONE);
    return id;
}

static void decide(struct story *story, const struct name_correction *correction,
                   enum correction_verdict verdict)
{
    struct correction_decision decision = {.id = correction->id,
                                           .person_version = correction->person_version,
                                           .verdict = verdict,
                                           .answer = "已核对"};
    story_act(story, "county");
    assert_int_equal(registry_correction_decide(story->ctx, &decision), CORRECTION_DECIDE_DONE);
    story_act(story, "school");
}

static struct roster_note first_note(struct story *story, roster_import_id id)
{
    struct roster_note_list notes =
        sql_findings_of(story->ctx, &(struct sql_findings_of){.import = id, .most = 1});
    assert_int_equal(notes.count, 1);
    return notes.items[0];
}

static struct roster_acceptance all_of(roster_import_id id)
{
    return (struct roster_acceptance){.import = id, .takes_doubtful = true};
}

static void a_conflict_waits_for_the_county(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct roster_intake intake;
    struct name_correction correction, again;
    training_class_id class = story_approved(story, "A1");
    struct made_person made = simulate__person(ctx, 11, story->next_person++, COUNTY);
    person_id person = register_as(story, made.identity_no, "刘三省");
    const char *line = arena_printf(ctx->arena, "刘珊省,%s,\n", made.identity_no);
    const char *good = good_line(story, "张三");
    roster_import_id id = stage(story, class, arena_printf(ctx->arena, HEADER "%s%s", line, good),
                                ROSTER_UPLOAD_DONE);
    struct roster_note note = first_note(story, id);
    assert_int_equal(note.verdict, LINE_VERDICT_CONFLICTING);
    assert_string_equal(note.code, "name-conflict");
    assert_string_equal(note.field, "name");
    assert_null(strstr(note.message, "刘三省")); /* the school is not told more than it knows */
    assert_non_null(strstr(note.message, "刘**"));
    assert_int_equal(sql_marks_of(ctx, id).count, 1);
    assert_false(
        registry_correction_of(ctx, person, "刘珊省", &correction)); /* a preview asks nobody */
    /* Also those who take what is doubtful do not take this. */
    struct roster_acceptance all = all_of(id);
    assert_int_equal(roster_accept(ctx, &all, &intake), ROSTER_ACCEPT_PARTLY);
    assert_int_equal(intake.enrolled, 1);
    assert_int_equal(intake.waiting, 1);
    assert_true(registry_correction_of(ctx, person, "刘珊省", &correction));
    assert_int_equal(correction.origin, CORRECTION_ORIGIN_ROSTER);
    assert_non_null(strstr(correction.reason, "名单.csv · 3"));
    assert_non_null(strstr(first_note(story, id).message, day_text(ctx->arena, correction.due_on)));
    assert_int_equal(roster_accept(ctx, &all, &intake), ROSTER_ACCEPT_WAITING);
    /* The rows that stayed out, sent anew: the same case. */
    roster_import_id aside =
        stage(story, class, arena_printf(ctx->arena, HEADER "%s", line), ROSTER_UPLOAD_DONE);
    assert_int_equal(first_note(story, aside).verdict, LINE_VERDICT_CONFLICTING);
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = aside}, &intake),
                     ROSTER_ACCEPT_WAITING);
    assert_true(registry_correction_of(ctx, person, "刘珊省", &again));
    assert_int_equal(again.id.v, correction.id.v);
    decide(story, &correction, CORRECTION_VERDICT_VARIANT);
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = id}, &intake),
                     ROSTER_ACCEPT_DONE);
    assert_int_equal(intake.enrolled, 1);
    assert_int_equal(training_enrolments(ctx, class).count, 2);
    assert_int_equal(roster_accept(ctx, &all, &intake), ROSTER_ACCEPT_ALREADY);
}

static void after_the_decision_the_rows_that_stayed_out_come_in(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct roster_intake intake;
    struct name_correction correction;
    struct person person;
    training_class_id class = story_approved(story, "A1");
    struct made_person made = simulate__person(ctx, 11, story->next_person++, COUNTY);
    person_id id = register_as(story, made.identity_no, "刘三省");
    const char *line = arena_printf(ctx->arena, "刘珊省,%s,\n", made.identity_no);
    roster_import_id first =
        stage(story, class, arena_printf(ctx->arena, HEADER "%s", line), ROSTER_UPLOAD_DONE);
    /* Nobody comes in, and still something has happened. */
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = first}, &intake),
                     ROSTER_ACCEPT_PARTLY);
    assert_int_equal(intake.enrolled, 0);
    assert_true(registry_correction_of(ctx, id, "刘珊省", &correction));
    decide(story, &correction, CORRECTION_VERDICT_NEW_NAME);
    roster_import_id second =
        stage(story, class, arena_printf(ctx->arena, HEADER "\n%s", line), ROSTER_UPLOAD_DONE);
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = second}, &intake),
                     ROSTER_ACCEPT_DONE);
    assert_int_equal(intake.enrolled, 1);
    assert_true(registry_person(ctx, id, &person));
    assert_string_equal(person.name, "刘珊省");
}

static void what_the_county_refused_stays_out(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct roster_intake intake;
    struct name_correction correction;
    training_class_id class = story_approved(story, "A1");
    struct made_person made = simulate__person(ctx, 11, story->next_person++, COUNTY);
    person_id id = register_as(story, made.identity_no, "刘三省");
    const char *line = arena_printf(ctx->arena, "刘珊省,%s,\n", made.identity_no);
    roster_import_id first =
        stage(story, class, arena_printf(ctx->arena, HEADER "%s", line), ROSTER_UPLOAD_DONE);
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = first}, &intake),
                     ROSTER_ACCEPT_PARTLY);
    assert_true(registry_correction_of(ctx, id, "刘珊省", &correction));
    decide(story, &correction, CORRECTION_VERDICT_REFUSE);
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = first}, &intake),
                     ROSTER_ACCEPT_ALREADY);
    assert_int_equal(first_note(story, first).verdict, LINE_VERDICT_REFUSED);
    roster_import_id second =
        stage(story, class, arena_printf(ctx->arena, HEADER "\n%s", line), ROSTER_UPLOAD_DONE);
    struct roster_note note = first_note(story, second);
    assert_int_equal(note.verdict, LINE_VERDICT_REFUSED);
    assert_null(strstr(note.message, "刘三省"));
    assert_int_equal(roster_accept(ctx, &(struct roster_acceptance){.import = second}, &intake),
                     ROSTER_ACCEPT_NOTHING_GOOD);
}

/* A decided name is no answer to what else is doubtful about the row. */
static void a_doubt_outlives_the_conflict(void **state)
{
    struct story *story = story_begin(*state);
    struct ctx *ctx = story->ctx;
    struct roster_intake intake;
    struct name_correction correction;
    training_class_id class = story_approved(story, "A1");
    struct made_person made = simulate__person(ctx, 11, story->next_person++, COUNTY);
    person_id person = register_as(story, made.identity_no, "刘三省");
    const char *text = arena_printf(
        ctx->arena, "姓名,身份证号,银行账号\n刘珊省,%s,6217001230001234567\n", made.identity_no);
    roster_import_id id = stage(story, class, text, ROSTER_UPLOAD_DONE);
    struct roster_acceptance sound = {.import = id}, all = all_of(id);
    assert_int_equal(sql_marks_of(ctx, id).count, 2);
    assert_int_equal(roster_accept(ctx, &sound, &intake), ROSTER_ACCEPT_PARTLY);
    assert_true(registry_correction_of(ctx, person, "刘珊省", &correction));
    decide(story, &correction, CORRECTION_VERDICT_VARIANT);
    assert_int_equal(roster_accept(ctx, &sound, &intake), ROSTER_ACCEPT_ALREADY);
    struct roster_note note = first_note(story, id);
    assert_int_equal(note.verdict, LINE_VERDICT_DOUBTFUL);
    assert_string_equal(note.code, "bank-account-checksum");
    assert_int_equal(roster_accept(ctx, &all, &intake), ROSTER_ACCEPT_DONE);
    assert_int_equal(intake.enrolled, 1);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "sheet-child") == 0)
        return sheet_child_main();
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(each_fault_is_said_where_it_stands),
        STORE_FIXTURE_TEST(a_file_is_screened_against_the_registry),
        STORE_FIXTURE_TEST(a_file_that_is_no_roster_is_refused),
        STORE_FIXTURE_TEST(groups_of_a_file_are_the_programmes),
        STORE_FIXTURE_TEST(accepting_twice_enrols_once),
        STORE_FIXTURE_TEST(an_import_is_undone_as_a_whole),
        STORE_FIXTURE_TEST(a_preview_fills_the_seats_and_no_more),
        STORE_FIXTURE_TEST(doubtful_lines_wait_for_a_second_look),
        STORE_FIXTURE_TEST(a_long_file_goes_on_where_it_stopped),
        STORE_FIXTURE_TEST(a_duplicate_is_found_across_portions),
        STORE_FIXTURE_TEST(a_file_that_breaks_off_is_not_accepted),
        STORE_FIXTURE_TEST(an_account_that_two_rows_share_is_doubted),
        STORE_FIXTURE_TEST(changes_of_a_known_person_are_said),
        STORE_FIXTURE_TEST(a_conflict_waits_for_the_county),
        STORE_FIXTURE_TEST(after_the_decision_the_rows_that_stayed_out_come_in),
        STORE_FIXTURE_TEST(what_the_county_refused_stays_out),
        STORE_FIXTURE_TEST(a_doubt_outlives_the_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
