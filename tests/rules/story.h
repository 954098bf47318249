/* A small province for the rules' tests: the pack, a school, a county's two officers, finance's
 * two, and a class at any stage. */
#ifndef DIANJI_TESTS_RULES_STORY_H
#define DIANJI_TESTS_RULES_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that it needs */
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "evaluation/evaluation.h"
#include "fund/fund.h"
#include "ledger/ledger.h"
#include "notice/notice.h"
#include "plan/plan.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "simulate/simulate_people.h"
#include "simulate/simulate_room.h"
#include "store/store_fixture.h"
#include "subsidy/subsidy.h"
#include "training/training.h"
#include "vault/vault.h"

#define COUNTY "530129"
#define ELSEWHERE "530302"

struct story {
    struct store_fixture *house;
    struct ctx *ctx;
    const struct pack *pack;
    struct ledger_metrics *metrics;
    organisation_id school, other_school, evaluator;
    const struct pack_programme *programme;
    int64_t next_person;
};

static inline void story_act(struct story *story, const char *login)
{
    assert_true(registry_act_as(story->ctx, login));
}

static inline void story_day(struct story *story, int year, int month, int day)
{
    struct day wanted;
    assert_true(day_of_civil((struct civil){year, month, day}, &wanted));
    store_fixture_day(story->house, wanted);
}

static inline void story_account(struct story *story, const char *login, enum role role,
                                 organisation_id of, const char *region)
{
    account_id account;
    post_id post;
    assert_int_equal(
        registry_account_add(
            story->ctx, &(struct account_args){.login = login, .password_hash = "!", .name = login},
            &account),
        ACCOUNT_ADD_DONE);
    assert_int_equal(
        registry_post_add(story->ctx, &(struct post_args){account, role, of, region}, &post),
        POST_ADD_DONE);
}

static inline organisation_id story_organisation(struct story *story, int64_t i, const char *region,
                                                 enum organisation_kind kind)
{
    organisation_id id;
    /* The second organisation, a school, has no bank account. */
    const char *account = i == 2 ? NULL : simulate__bank_account(story->ctx, i);
    assert_int_equal(
        registry_organisation_add(
            story->ctx,
            &(struct organisation_args){
                .credit_code = simulate__credit_code(story->ctx, i),
                .name = arena_printf(story->ctx->arena, "示例机构%d", (int)i),
                .kind = kind,
                .region = region,
                .bank_account = account,
                .bank_name = account == NULL ? NULL : "示例农村商业银行",
                .evaluator_code = kind == ORGANISATION_KIND_EVALUATION_ORG ? "0123" : NULL},
            &id),
        ORGANISATION_ADD_DONE);
    return id;
}

/* By the administrator; the school acts afterwards. */
static inline void story_allow(struct story *story, const struct pack_programme *programme)
{
    story_act(story, "admin");
    const organisation_id filed[] = {story->school, story->evaluator};
    for (size_t i = 0; i < 2; i++) {
        enum organisation_scope_change changed =
            registry_organisation_allow(story->ctx, filed[i], programme->code);
        assert_true(organisation_scope_change_info(changed)->status < 400);
    }
    story_act(story, "school");
}

/* A subsidised programme of some days with one occupation. */
static inline const struct pack_programme *story_programme(const struct pack *pack)
{
    for (size_t i = 0; i < pack->programmes.count; i++) {
        const struct pack_programme *programme = &pack->programmes.items[i];
        if (programme->is_subsidised && programme->teaches.count > 0 &&
            programme->lessons_least > 0 && programme->lessons_least <= 80 &&
            programme->age_most == PACK_NUMBER_NONE)
            return programme;
    }
    fail_msg("the pack has no such programme");
    return NULL;
}

static inline struct story *story_begin(struct store_fixture *house)
{
    static struct story story;
    struct pack_faults faults;
    story = (struct story){.house = house, .ctx = store_fixture_begin(house)};
    vault_fixture(story.ctx, house->arena, CIPHER_SUITE_INTL);
    assert_true(pack_load(story.ctx->arena, DIANJI_SOURCE_DIR "/policies/yunnan-2021-28",
                          &story.pack, &faults));
    story.ctx->pack = story.pack;
    story.metrics = plan_metrics(story.pack, story.ctx->arena);
    story.programme = story_programme(story.pack);
    assert_int_equal(registry_create_first_administrator(
                         story.ctx, &(struct first_administrator_args){.login = "admin",
                                                                       .password_hash = "!",
                                                                       .name = "admin"}),
                     FIRST_ADMINISTRATOR_DONE);
    story_act(&story, "admin");
    story.school = story_organisation(&story, 1, COUNTY, ORGANISATION_KIND_TRAINING_INSTITUTION);
    story.other_school =
        story_organisation(&story, 2, ELSEWHERE, ORGANISATION_KIND_TRAINING_INSTITUTION);
    organisation_id office =
        story_organisation(&story, 3, COUNTY, ORGANISATION_KIND_HRSS_DEPARTMENT);
    organisation_id far =
        story_organisation(&story, 4, ELSEWHERE, ORGANISATION_KIND_HRSS_DEPARTMENT);
    story.evaluator = story_organisation(&story, 5, ELSEWHERE, ORGANISATION_KIND_EVALUATION_ORG);
    story_account(&story, "evaluator", ROLE_EVALUATOR, story.evaluator, ELSEWHERE);
    story_account(&story, "school", ROLE_INSTITUTION_CLERK, story.school, COUNTY);
    story_account(&story, "other", ROLE_INSTITUTION_CLERK, story.other_school, ELSEWHERE);
    story_account(&story, "county", ROLE_COUNTY_OFFICER, office, COUNTY);
    story_account(&story, "chief", ROLE_COUNTY_CHIEF, office, COUNTY);
    story_account(&story, "chief2", ROLE_COUNTY_CHIEF, office, COUNTY);
    story_account(&story, "stranger", ROLE_COUNTY_OFFICER, far, ELSEWHERE);
    story_account(&story, "cashier", ROLE_FINANCE_CLERK, office, COUNTY);
    story_account(&story, "treasurer", ROLE_FINANCE_CHIEF, office, COUNTY);
    story_account(&story, "far-treasurer", ROLE_FINANCE_CHIEF, far, ELSEWHERE);
    assert_int_equal(
        registry_organisation_allow(story.ctx, story.other_school, story.programme->code),
        ORGANISATION_SCOPE_CHANGE_DONE);
    story_allow(&story, story.programme);
    story_act(&story, "school");
    return &story;
}

static inline enum skill_level story_level(const struct story *story)
{
    enum skill_level level = SKILL_LEVEL_NONE;
    if (story->programme->teaches.count == 0)
        return level;
    for (size_t i = 0; i < story->pack->levels.count && level == SKILL_LEVEL_NONE; i++)
        if ((story->programme->teaches.items[0].levels >> story->pack->levels.items[i].rank & 1) !=
                0 &&
            !skill_level_parse(story->pack->levels.items[i].code, &level))
            fail_msg("unknown level");
    return level;
}

/* NULL where the programme teaches none. */
static inline const char *story_occupation(const struct story *story)
{
    const struct pack_teaches_list *teaches = &story->programme->teaches;
    return teaches->count == 0 ? NULL : teaches->items[0].occupation->code;
}

static inline struct class_application story_form(struct story *story, const char *place,
                                                  struct day starts_on)
{
    struct made_person teacher =
        simulate__person(story->ctx, 1, 9000000 + story->next_person++, COUNTY);
    return (struct class_application){
        .name = "示例班",
        .programme = story->programme->code,
        .occupation = story_occupation(story),
        .level = story_level(story),
        .region = COUNTY,
        .place = place,
        .teacher_no = teacher.identity_no,
        .teacher_name = teacher.name,
        .starts_on = starts_on,
        .starts_at = "09:00",
        .lesson_hours = story->programme->lessons_least,
        .daily_hours = 8,
        .capacity = 20,
        .evaluator_code = simulate__credit_code(story->ctx, 5),
        .exam_kind = EXAM_KIND_BOTH,
        .exam_on = day_plus(starts_on, (int32_t)(story->programme->lessons_least + 7) / 8 - 1),
        .exam_place = "示例考核站"};
}

static inline training_class_id story_draft(struct story *story, const char *place,
                                            struct day starts_on)
{
    training_class_id id;
    struct training_trouble trouble;
    struct class_application form = story_form(story, place, starts_on);
    struct class_opening opening = {&form, story->ctx->actor->organisation};
    assert_int_equal(training_class_apply(story->ctx, &opening, &id, &trouble), CLASS_APPLY_DONE);
    assert_int_equal(simulate__plan(story->ctx, id), CLASS_PLAN_DONE);
    return id;
}

static inline int64_t story_version(struct story *story, training_class_id id)
{
    struct training_class class;
    assert_true(training_class_get(story->ctx, id, &class));
    return class.version;
}

/* A class that starts a week from now, approved. */
static inline training_class_id story_approved(struct story *story, const char *place)
{
    struct training_trouble trouble;
    story_act(story, "school");
    training_class_id id = story_draft(story, place, day_plus(story->ctx->today, 7));
    assert_int_equal(training_class_submit(story->ctx, id, story_version(story, id), &trouble),
                     CLASS_SUBMIT_DONE);
    story_act(story, "county");
    assert_int_equal(simulate__look(story->ctx, id), SITE_CHECK_DONE);
    struct class_verdict verdict = {id, story_version(story, id), CLASS_DECISION_APPROVE, NULL};
    assert_int_equal(training_class_review(story->ctx, &verdict, &trouble), CLASS_REVIEW_DONE);
    story_act(story, "school");
    return id;
}

static inline struct enrolling story_person(struct story *story, training_class_id class)
{
    struct made_person made = simulate__person(story->ctx, 7, story->next_person++, COUNTY);
    struct person person;
    struct enrolling enrolling = {.class = class, .import_id = INT64_MIN};
    assert_int_equal(registry_person_register(
                         story->ctx,
                         &(struct person_args){.identity_no = made.identity_no, .name = made.name},
                         &enrolling.person),
                     PERSON_REGISTER_DONE);
    assert_true(registry_person(story->ctx, enrolling.person, &person));
    enrolling.born_on = person.born_on;
    enrolling.tags = "|";
    if (story->programme->target_group_count > 0)
        enrolling.groups = story->programme->target_groups[0]->code;
    return enrolling;
}

static inline enrolment_id story_enrol(struct story *story, training_class_id class)
{
    enrolment_id id;
    struct training_trouble trouble;
    struct enrolling enrolling = story_person(story, class);
    assert_int_equal(training_enrol(story->ctx, &enrolling, &id, &trouble), CLASS_ENROL_DONE);
    return id;
}

static inline void story_attend(struct story *story, training_class_id class)
{
    struct session_list sessions = training_sessions(story->ctx, class);
    struct enrolment_list trainees = training_enrolments(story->ctx, class);
    struct instant before = story->ctx->now;
    struct training_trouble trouble;
    for (size_t i = 0; i < sessions.count; i++)
        for (size_t k = 0; k < trainees.count; k++)
            for (int kind = PUNCH_KIND_CHECK_IN; kind <= PUNCH_KIND_CHECK_OUT; kind++) {
                struct punching punching = {.session = sessions.items[i].id,
                                            .enrolment = trainees.items[k].id,
                                            .kind = (enum punch_kind)kind,
                                            .method = PUNCH_METHOD_TEACHER_LIST,
                                            .punched_at = kind == PUNCH_KIND_CHECK_IN
                                                              ? sessions.items[i].starts_at
                                                              : sessions.items[i].ends_at};
                story->ctx->now = punching.punched_at;
                assert_int_equal(training_punch(story->ctx, &punching, &trouble), CLASS_PUNCH_DONE);
            }
    story->ctx->now = before;
}

/* Two trainees, taught, finished; results are due. */
static inline training_class_id story_taught(struct story *story, const char *place)
{
    training_class_id id = story_approved(story, place);
    story_enrol(story, id);
    story_enrol(story, id);
    store_fixture_day(story->house, day_plus(story->ctx->today, 7));
    story_attend(story, id);
    store_fixture_day(story->house, day_plus(story->ctx->today, 15));
    assert_int_equal(training_class_finish(story->ctx, id, story_version(story, id)),
                     CLASS_FINISH_DONE);
    return id;
}

/* By the evaluation organisation; then the account that acted before acts again. */
static inline void story_examine(struct story *story, training_class_id id, int64_t score)
{
    const struct actor *before = story->ctx->actor;
    story_act(story, "evaluator");
    struct enrolment_list trainees = training_enrolments(story->ctx, id);
    struct result_line *lines = arena_array(story->ctx->arena, trainees.count, struct result_line);
    for (size_t i = 0; i < trainees.count; i++)
        lines[i] = (struct result_line){trainees.items[i].id, score};
    assert_int_equal(evaluation_record(story->ctx, id, lines, trainees.count), RESULTS_RECORD_DONE);
    story->ctx->actor = before;
}

static inline subsidy_claim_id story_claimed(struct story *story, const char *place)
{
    subsidy_claim_id claim;
    struct claim_trouble trouble;
    training_class_id id = story_taught(story, place);
    story_examine(story, id, 90);
    assert_int_equal(subsidy_claim_make(story->ctx, id, &claim, &trouble), CLAIM_MAKE_DONE);
    return claim;
}

/* The county finds that a trainee was never there; the school acts afterwards. */
static inline void story_shorten_roll(struct story *story, training_class_id class,
                                      enrolment_id enrolment)
{
    struct session_list sessions = training_sessions(story->ctx, class);
    story_act(story, "county");
    for (size_t i = 0; i < sessions.count; i++) {
        struct correcting correcting = {enrolment, sessions.items[i].id,
                                        -sessions.items[i].lesson_hours, "核查未到课"};
        assert_int_equal(training_attendance_correct(story->ctx, &correcting),
                         ATTENDANCE_CORRECT_DONE);
    }
    story_act(story, "school");
}

static inline enum claim_review story_review(struct story *story, const char *who,
                                             subsidy_claim_id id, int64_t version)
{
    story_act(story, who);
    return subsidy_review(story->ctx,
                          &(struct claim_verdict){id, version, CLAIM_DECISION_APPROVE, NULL});
}

static inline void story_published(struct story *story, subsidy_claim_id id)
{
    assert_int_equal(story_review(story, "county", id, 1), CLAIM_REVIEW_DONE);
    assert_int_equal(story_review(story, "chief", id, 2), CLAIM_REVIEW_DONE);
}

#endif
