/* Who may sit in a class: eligibility, and never two places at one hour. */
#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "training/training.h"
#include "training_sql.h"

static int64_t age_on(struct day born_on, struct day day)
{
    struct civil born = day_civil(born_on), on = day_civil(day);
    bool is_before_birthday =
        on.month < born.month || (on.month == born.month && on.day < born.day);
    return on.year - born.year - is_before_birthday;
}

/* The programme's own limit, or the pack's. */
static int64_t limit_of(const struct ctx *ctx, const struct training_class *class, int64_t own,
                        const char *parameter)
{
    return own != PACK_NUMBER_NONE ? own : pack_parameter(ctx->pack, parameter, class->starts_on);
}

static enum class_enrol check_age(const struct ctx *ctx, const struct training_class *class,
                                  const struct enrolling *enrolling,
                                  struct training_trouble *ret_trouble)
{
    const struct pack_programme *programme = pack_programme(ctx->pack, class->programme);
    if (day_is_none(enrolling->born_on) || programme == NULL)
        return CLASS_ENROL_DONE;
    ret_trouble->found = age_on(enrolling->born_on, class->starts_on);
    ret_trouble->limit = limit_of(ctx, class, programme->age_least, PARAMETER_AGE_LEAST);
    if (ret_trouble->found < ret_trouble->limit)
        return CLASS_ENROL_TOO_YOUNG;
    const char *most = enrolling->is_woman ? PARAMETER_AGE_MOST_WOMEN : PARAMETER_AGE_MOST_MEN;
    ret_trouble->limit = limit_of(ctx, class, programme->age_most, most);
    return ret_trouble->found > ret_trouble->limit ? CLASS_ENROL_TOO_OLD : CLASS_ENROL_DONE;
}

/* --- groups: whom a programme is for */

/* The pack's tag of people that is called so, in either language or by its code. */
static const struct pack_tag *group_called(const struct pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->tags.count; i++) {
        const struct pack_tag *tag = &pack->tags.items[i];
        if (tag->of == TAG_OF_PERSON &&
            (text_equal(tag->code, name) || text_equal(tag->name.zh, name) ||
             text_equal(tag->name.en, name)))
            return tag;
    }
    return NULL;
}

/* The bytes of a divider at the beginning of the text; 0: none. */
static size_t divider(const char *text)
{
    static const char *const dividers[] = {",", ";", "|", "/", "，", "、", "；"};
    for (size_t i = 0; i < sizeof dividers / sizeof dividers[0]; i++)
        if (text_starts(text, dividers[i]))
            return strlen(dividers[i]);
    return 0;
}

bool training_read_groups(struct ctx *ctx, const char *text, const char **ret)
{
    *ret = "|";
    for (const char *at = text == NULL ? "" : text; *at != '\0';) {
        size_t length = 0;
        while (at[length] != '\0' && divider(at + length) == 0)
            length++;
        const char *name = text_clean(ctx->arena, arena_text_n(ctx->arena, at, length));
        const struct pack_tag *group = group_called(ctx->pack, name);
        at += length;
        at += divider(at);
        if (*name == '\0')
            continue;
        if (group == NULL) {
            *ret = name;
            return false;
        }
        *ret = registry_join_tags(ctx, *ret, arena_printf(ctx->arena, "|%s|", group->code));
    }
    return true;
}

static const char *names_of(struct ctx *ctx, const struct pack_programme *programme)
{
    struct buffer names = buffer_new(ctx->arena, 128);
    for (size_t i = 0; i < programme->target_group_count; i++) {
        if (i > 0)
            buffer_add(&names, ctx->language == LANGUAGE_ZH ? "、" : ", ");
        buffer_add(&names, pack_say(programme->target_groups[i]->name, ctx->language));
    }
    return names.bytes;
}

/* Of the groups that the person is registered with or declares, one must be the programme's. */
static enum class_enrol check_groups(struct ctx *ctx, const struct training_class *class,
                                     const struct enrolling *enrolling, const char **ret_tags,
                                     struct training_trouble *ret_trouble)
{
    const struct pack_programme *programme = pack_programme(ctx->pack, class->programme);
    const char *declared;
    if (!training_read_groups(ctx, enrolling->groups, &declared)) {
        ret_trouble->groups = declared;
        return CLASS_ENROL_GROUP_UNKNOWN;
    }
    *ret_tags = registry_join_tags(ctx, enrolling->tags, declared);
    if (programme == NULL || programme->target_group_count == 0)
        return CLASS_ENROL_DONE;
    for (size_t i = 0; i < programme->target_group_count; i++)
        if (ledger_has_tag(*ret_tags, programme->target_groups[i]->code))
            return CLASS_ENROL_DONE;
    ret_trouble->groups = names_of(ctx, programme);
    return CLASS_ENROL_GROUP_NOT_ADMITTED;
}

/* The rules about a person's other trainings: the same one again, too many in a year, two places at
 * one hour. */
static enum class_enrol check_history(struct ctx *ctx, const struct training_class *class,
                                      person_id person, struct training_trouble *ret_trouble)
{
    if (sql_person_clash(ctx, class->id, person, &ret_trouble->clash))
        return CLASS_ENROL_PERSON_CLASH;
    if (sql_same_training(ctx, person, training_taught(class), class->level, &ret_trouble->clash))
        return CLASS_ENROL_SAME_TRAINING;
    if (!class->is_subsidised)
        return CLASS_ENROL_DONE;
    int year = day_civil(class->starts_on).year;
    struct day first, last;
    bool is_year = day_of_civil((struct civil){year, 1, 1}, &first) &&
                   day_of_civil((struct civil){year, 12, 31}, &last);
    ret_trouble->limit =
        pack_parameter(ctx->pack, PARAMETER_SUBSIDISED_PER_YEAR_MOST, class->starts_on);
    ret_trouble->found =
        is_year ? sql_trainings_in_year(ctx, &(struct sql_trainings_in_year){person, first, last})
                : 0;
    return ret_trouble->found >= ret_trouble->limit ? CLASS_ENROL_YEARLY_CAP : CLASS_ENROL_DONE;
}

/* *ret_tags: the groups that the enrolment keeps. */
static enum class_enrol check(struct ctx *ctx, const struct enrolling *enrolling,
                              const char **ret_tags, struct training_trouble *ret_trouble)
{
    struct training_class class;
    struct enrolment known;
    *ret_trouble = (struct training_trouble){0};
    if (!sql_class_by_id(ctx, enrolling->class, &class))
        return CLASS_ENROL_NOT_FOUND;
    if (sql_enrolment_of(ctx, enrolling->class, enrolling->person, &known))
        return CLASS_ENROL_ALREADY;
    if (class.state != CLASS_STATE_APPROVED && class.state != CLASS_STATE_IN_PROGRESS)
        return CLASS_ENROL_WRONG_STATE;
    ret_trouble->limit = class.capacity;
    ret_trouble->found = sql_enrolment_count(ctx, enrolling->class);
    if (ret_trouble->found >= class.capacity)
        return CLASS_ENROL_FULL;
    if (class.teacher.v == enrolling->person.v)
        return CLASS_ENROL_IS_TEACHER;
    enum class_enrol answer = check_age(ctx, &class, enrolling, ret_trouble);
    if (answer == CLASS_ENROL_DONE)
        answer = check_groups(ctx, &class, enrolling, ret_tags, ret_trouble);
    if (answer == CLASS_ENROL_DONE)
        answer = check_history(ctx, &class, enrolling->person, ret_trouble);
    return answer;
}

enum class_enrol training_enrol_check(struct ctx *ctx, const struct enrolling *enrolling,
                                      struct training_trouble *ret_trouble)
{
    const char *tags;
    return check(ctx, enrolling, &tags, ret_trouble);
}

enum class_enrol training_enrol(struct ctx *ctx, const struct enrolling *enrolling,
                                enrolment_id *ret, struct training_trouble *ret_trouble)
{
    const char *tags;
    enum class_enrol answer = check(ctx, enrolling, &tags, ret_trouble);
    if (answer != CLASS_ENROL_DONE)
        return answer;
    *ret = (enrolment_id){id_next(ctx->ids, ctx->now)};
    int64_t inserted = sql_enrolment_insert(ctx, &(struct sql_enrolment_insert){
                                                     .id = *ret,
                                                     .person = enrolling->person,
                                                     .class = enrolling->class,
                                                     .tags = tags,
                                                     .import_id = enrolling->import_id,
                                                     .enrolled_at = ctx->now,
                                                 });
    return inserted == 0 ? CLASS_ENROL_ALREADY : CLASS_ENROL_DONE;
}

enum class_withdraw training_withdraw(struct ctx *ctx, enrolment_id id, const char *note)
{
    struct enrolment enrolment;
    struct training_class class;
    if (!sql_enrolment_by_id(ctx, id, &enrolment) || !sql_class_by_id(ctx, enrolment.class, &class))
        return CLASS_WITHDRAW_NOT_FOUND;
    if (!registry_actor_is_of(ctx, class.organisation))
        return CLASS_WITHDRAW_NOT_YOUR_INSTITUTION;
    if (sql_enrolment_step(ctx, id, ENROLMENT_STATE_WITHDRAWN) == 0)
        return CLASS_WITHDRAW_WRONG_STATE;
    registry_trace(ctx, "enrolment", id.v, "withdraw", note);
    return CLASS_WITHDRAW_DONE;
}

bool training_enrolment_end(struct ctx *ctx, enrolment_id id, bool is_completed, struct day held_on)
{
    struct enrolment enrolment;
    struct training_class class;
    if (!sql_enrolment_by_id(ctx, id, &enrolment) ||
        !sql_class_by_id(ctx, enrolment.class, &class) || class.state != CLASS_STATE_TRAINING_DONE)
        return false;
    enum enrolment_state next = is_completed ? ENROLMENT_STATE_COMPLETED : ENROLMENT_STATE_FAILED;
    if (sql_enrolment_step(ctx, id, next) == 0)
        return false;
    if (is_completed)
        ledger_append(ctx, &(struct fact){
                               .kind = FACT_TRAINING_COMPLETED,
                               .person = enrolment.person,
                               .organisation = class.organisation,
                               .region = class.region,
                               .item = class.item,
                               .programme = class.programme,
                               .occupation = class.occupation,
                               .level = class.level,
                               .tags = registry_join_tags(ctx, class.tags, enrolment.tags),
                               .held_on = held_on,
                               .quantity = 1,
                               .clause = class.clause,
                               .subject_kind = "enrolment",
                               .subject_id = id.v,
                               .recorded_by = ctx->actor->account,
                           });
    return true;
}

bool training_enrolment(struct ctx *ctx, enrolment_id id, struct enrolment *ret)
{
    return sql_enrolment_by_id(ctx, id, ret);
}

struct enrolment_list training_enrolments(struct ctx *ctx, training_class_id class)
{
    return sql_enrolments_of_class(ctx, class);
}

struct enrolment_list training_enrolments_of_person(struct ctx *ctx, person_id person)
{
    return sql_enrolments_of_person(ctx, person);
}

struct enrolment_list training_enrolments_of_import(struct ctx *ctx, int64_t import_id)
{
    return sql_enrolments_of_import(ctx, import_id);
}
