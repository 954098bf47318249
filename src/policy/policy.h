/*
 * The policy pack: a plan's clauses, departments, items, targets, programmes, subsidy table,
 * decided parameters, regions, occupations and working days, read from a folder of YAML and CSV and
 * frozen. docs/pack.md describes the files. The program itself holds none of these figures: rooms
 * ask the pack, by name and day.
 *
 * Every entry says what it rests on: a clause of the plan, or, for a local setting, a source and a
 * decision. Loading is strict: an unknown key, a missing clause, a target that is no number, a
 * metric that counts nothing is a fault with file, line and column, and all faults are found in one
 * go. A pack with a fault is not returned.
 *
 * Everything here is const data in the arena that it was loaded into, with pointers between entries
 * already resolved; it may be shared by all threads. A new version of a pack is loaded beside the
 * old one. Lists are sorted by their key where a lookup function exists, else in the file's order.
 */
#ifndef DIANJI_POLICY_POLICY_H
#define DIANJI_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/day.h"
#include "base/message.h"
#include "base/money.h"
#include "dmn/dmn.h"
#include "policy_dict.h"

struct buffer;

/* "No such number": an open bound, an item that does not matter. */
#define PACK_NUMBER_NONE INT64_MIN

enum {
    PACK_TAGS_MAX = 3,     /* of one filter; as many as the ledger's metrics hold */
    PACK_LEVELS_MAX = 16,  /* ranks 1–15 */
    PACK_FAULTS_MAX = 200, /* reported; a file with more is the wrong file */
};

/* A struct thing_list of a frozen array. */
#define PACK_LIST(thing)                                                                           \
    struct thing##_list {                                                                          \
        size_t count;                                                                              \
        const struct thing *items;                                                                 \
    }

/* Words that the pack itself holds, in both languages. */
struct pack_text {
    const char *zh;
    const char *en;
};
const char *pack_say(struct pack_text text, enum language language);

/* --- what entries rest on */

struct pack_clause {
    const char *id; /* "意见 二.1" */
    struct pack_text title;
    struct pack_text summary; /* our own words, never the document's */
};
PACK_LIST(pack_clause);

/* Where a local setting was taken from. */
struct pack_source {
    const char *id;
    struct pack_text title;
    const char *address; /* or NULL */
    enum source_standing standing;
};
PACK_LIST(pack_source);

/* At least one of clause and source is there; without a clause there is a decision. */
struct pack_basis {
    const struct pack_clause *clause;
    const struct pack_source *source;
    struct pack_text decision; /* why this figure, and who may change it; {NULL, NULL} for none */
};

/* --- the plan */

struct pack_department {
    const char *code;
    struct pack_text name;
    enum department_kind kind;
};
PACK_LIST(pack_department);

struct pack_group { /* 十个一批, 六个一万 … */
    const char *code;
    struct pack_text title;
};
PACK_LIST(pack_group);

struct pack_target {
    int year; /* due on its last day */
    enum qualifier qualifier;
    enum comparison comparison;
    int64_t least, most; /* equal unless a range; PACK_NUMBER_NONE where the text has no figure */
};
PACK_LIST(pack_target);

/* Which facts count; every condition that is set must hold. */
struct pack_counts {
    const struct pack_fact *fact;
    int64_t item;                               /* primary item, or PACK_NUMBER_NONE: any */
    const struct pack_occupation *occupation;   /* NULL: any */
    const struct pack_level *level_at_least;    /* NULL: any, or none */
    const struct pack_tag *tags[PACK_TAGS_MAX]; /* all must be there; up to the first NULL */
    enum counted counted;
};

struct pack_baseline {
    int64_t value;
    struct day day; /* at its end */
    struct pack_text note;
};

struct pack_check { /* one capability of a checklist */
    const char *code;
    struct pack_text name;
};
PACK_LIST(pack_check);

struct pack_metric {
    const char *id; /* "T01.training"; headline metrics "H.training" */
    struct pack_text name;
    struct pack_text unit;
    enum metric_kind kind;
    const struct pack_item *item; /* NULL for a headline metric */
    const struct pack_clause *clause;
    struct pack_target_list targets;    /* by year */
    const struct pack_metric *of_which; /* the metric that this one is a part of, or NULL */
    /* The metrics that this one is the sum of (a headline), or none; then nothing is counted. */
    size_t sum_of_count;
    const struct pack_metric *const *sum_of;
    const struct pack_counts *counts;     /* NULL with sum_of */
    const struct pack_counts *out_of;     /* the denominator of a ratio, else NULL */
    const struct pack_baseline *baseline; /* or NULL */
    int64_t every_years;                  /* the target holds in each period of so many years; 0 */
    enum metric_each each;                /* the target holds for each of these; NONE: the sum */
    struct pack_check_list checklist;
    struct pack_text note;     /* what a reader of the number must know; {NULL, NULL} */
    struct pack_text decision; /* how an open point of the text was settled; {NULL, NULL} */
};
PACK_LIST(pack_metric);

struct pack_item {
    int64_t no; /* 1–28 */
    struct pack_text title;
    struct pack_text programme; /* the named programme of the plan */
    const struct pack_group *group;
    const struct pack_clause *clause;
    size_t department_count; /* in the text's order; the text names no lead */
    const struct pack_department *const *departments;
    struct pack_metric_list metrics;
};
PACK_LIST(pack_item);

/* --- facts and tags that may be counted */

struct pack_fact {
    const char *kind; /* "training.completed" */
    struct pack_text name;
    uint32_t carries; /* bit fact_field */
};
PACK_LIST(pack_fact);

/* A class has one primary item (its programme's) and any number of tags: its own, its
 * organisation's, its place's and each trainee's. Tags of people are the target groups. */
struct pack_tag {
    const char *code; /* "retired_fisher" */
    struct pack_text name;
    enum tag_of of;
    struct pack_text proof;        /* what shows it, and from which office; {NULL, NULL} */
    const char *organisation_kind; /* registry's code of the kind that carries it; or NULL */
};
PACK_LIST(pack_tag);

/* --- code lists */

/* A grade of the skill-level system; codes are those of the ledger's skill_level. */
struct pack_level {
    const char *code; /* "senior" */
    int64_t rank;     /* 1 the lowest */
    struct pack_text name;
    bool is_high_skilled;
};
PACK_LIST(pack_level);

struct pack_occupation {
    const char *code; /* "4-10-01-05" */
    struct pack_text name;
    uint32_t levels;                  /* bit rank */
    const struct pack_source *source; /* of the code */
};
PACK_LIST(pack_occupation);

struct pack_code { /* GB/T 3304 ethnic groups, GB/T 4658 education */
    const char *code;
    struct pack_text name;
};
PACK_LIST(pack_code);

struct pack_region {
    const char *code; /* 6 digits; townships 12 */
    const char *name;
    const char *name_en; /* NULL for townships */
    enum region_level level;
    const struct pack_region *parent; /* NULL for the province */
    size_t tag_count;                 /* its own, without its parents' */
    const struct pack_tag *const *tags;
};
PACK_LIST(pack_region);

/* A county code that old identity numbers and old lists still carry. */
struct pack_former_region {
    const char *code;
    const char *name;
    const struct pack_region *successor;
    const char *seen_from, *seen_to; /* months of the yearbooks that list it, "1980-12" */
    const char *note;                /* earlier names …; NULL */
};
PACK_LIST(pack_former_region);

/* A day that is not as its weekday says. */
struct pack_special_day {
    struct day day;
    enum workday_kind kind;
    struct pack_text name;
};
PACK_LIST(pack_special_day);

/* --- training and money */

struct pack_teaches {
    const struct pack_occupation *occupation;
    uint32_t levels; /* bit rank */
};
PACK_LIST(pack_teaches);

struct pack_programme {
    const char *code; /* "T03-ELDER" */
    struct pack_text name;
    const struct pack_item *item; /* the one that its trainings count for */
    enum training_kind kind;
    enum certificate_kind certificate; /* what a trainee ends with */
    struct pack_basis basis;
    int64_t lessons_least, lessons_most;
    int64_t class_size_most;     /* PACK_NUMBER_NONE: the parameter of that name */
    int64_t age_least, age_most; /* PACK_NUMBER_NONE: the parameters */
    size_t tag_count;            /* every class of it carries these */
    const struct pack_tag *const *tags;
    size_t target_group_count; /* 0: everyone; else at least one of these */
    const struct pack_tag *const *target_groups;
    struct pack_teaches_list teaches; /* empty: no occupation is taught */
    bool is_subsidised;
    struct day from, to; /* classes may start on these days; to DAY_NONE: open */
};
PACK_LIST(pack_programme);

/* What a completed training is paid; every condition that is set must hold. */
struct pack_subsidy_rule {
    const char *id;
    struct pack_text name;
    size_t programme_count; /* 0: any */
    const struct pack_programme *const *programmes;
    uint32_t kinds;          /* bit training_kind; 0: any */
    size_t occupation_count; /* 0: any */
    const struct pack_occupation *const *occupations;
    uint32_t levels;       /* bit rank; 0: any, and trainings without a level */
    uint32_t certificates; /* bit certificate_kind that the programme ends with; 0: any */
    struct fen amount_fen;
    enum subsidy_per per;
    struct day from, to;
    struct pack_basis basis;
};
PACK_LIST(pack_subsidy_rule);

/* A share on top for people or places with a tag. Of several only the highest is paid. */
struct pack_uplift {
    const char *id;
    struct pack_text name;
    const struct pack_tag *tag;
    int64_t permille;
    struct day from, to;
    struct pack_basis basis;
};
PACK_LIST(pack_uplift);

struct pack_value {
    int64_t value;
    struct day from, to; /* to DAY_NONE: open */
};
PACK_LIST(pack_value);

struct pack_parameter {
    const char *key;
    struct pack_text name;
    struct pack_text unit;
    struct pack_basis basis;
    struct pack_value_list values; /* by day, without gaps, the last one open */
};
PACK_LIST(pack_parameter);

/* A point of the county's site check of a class's place. */
struct pack_site_item {
    const char *key;
    struct pack_text name;
    struct pack_basis basis;
};
PACK_LIST(pack_site_item);

/* A decision of the pack's models (decisions/NAME.dmn), which people and rules ask by its name. */
struct pack_decision {
    const struct dmn_model *model;
    const struct dmn_element *element;
};
PACK_LIST(pack_decision);

struct pack {
    const char *id; /* "yunnan-2021-28" */
    struct pack_text name;
    const char *document; /* "意见": what the ids of its clauses begin with */
    const char *doc_no;
    struct pack_text issuer;
    struct day issued_on;
    struct day first_day, last_day;           /* the plan's period */
    struct day calendar_first, calendar_last; /* days that special_days speak of */
    const struct pack_source *calendar_source;
    const char *version;             /* SHA-256 of the folder, 64 hex digits */
    struct pack_clause_list clauses; /* in the document's order */
    struct pack_source_list sources;
    struct pack_department_list departments; /* in the order of first mention */
    struct pack_group_list groups;
    struct pack_item_list items; /* by no */
    struct pack_metric_list headlines;
    struct pack_fact_list facts;             /* by kind */
    struct pack_tag_list tags;               /* by code */
    struct pack_level_list levels;           /* by rank */
    struct pack_occupation_list occupations; /* by code */
    struct pack_programme_list programmes;   /* by code */
    struct pack_subsidy_rule_list subsidy_rules;
    struct pack_uplift_list uplifts;
    struct pack_parameter_list parameters;         /* by key */
    struct pack_site_item_list site_items;         /* in the pack's order */
    struct pack_region_list regions;               /* by code */
    struct pack_former_region_list former_regions; /* by code */
    struct pack_special_day_list special_days;     /* by day */
    struct pack_code_list ethnic_groups;           /* by code */
    struct pack_code_list education;               /* by code */
    struct pack_decision_list decisions;           /* by file, in the file's order */
};

/* --- loading */

/* One thing that is wrong; `message.key` is its stable code ("pack.unknown_key"). */
struct pack_fault {
    const char *file; /* within the folder */
    int line, column; /* from 1 */
    struct message message;
};
struct pack_faults {
    size_t count;
    bool has_more;            /* than PACK_FAULTS_MAX */
    struct pack_fault *items; /* by file, in the order in which they were found */
};

/* Loads the folder. False with at least one fault, and then no pack. */
bool pack_load(struct arena *arena, const char *dir, const struct pack **ret,
               struct pack_faults *ret_faults) __attribute__((warn_unused_result));

/* Says a message in the reader's language; main.c passes the web's words_with(). */
typedef const char *pack_phrase(const void *context, const struct message *message);
struct pack_check_args {
    struct arena *arena;
    const char *dir;
    pack_phrase *phrase;
    const void *context;
};
/*
 * What `dianji pack check DIR --json` prints: {"ok":true,"pack":…,"version":…,"faults":[]} or
 * {"ok":false,"faults":[{"file","line","column","code","message"}]}. True where the pack is whole.
 */
bool policy_check(const struct pack_check_args *args, struct buffer *buffer);
/* The same for people: one line a fault, "file:line:column: message". */
bool policy_check_text(const struct pack_check_args *args, struct buffer *buffer);

/* --- lookups; NULL where there is none */

const struct pack_clause *pack_clause(const struct pack *pack, const char *id);
/* How a page names a clause: "意见 二.2，乡村振兴技能人才计划"; an id that the pack does not have
 * (anymore) stays as it is, NULL is "". */
const char *pack_clause_words(struct ctx *ctx, const char *id);
const struct pack_department *pack_department(const struct pack *pack, const char *code);
const struct pack_item *pack_item(const struct pack *pack, int64_t no);
const struct pack_metric *pack_metric(const struct pack *pack, const char *id);
/* What the plan wants of a metric by a year's end: the target of that year, or NULL. */
const struct pack_target *pack_target(const struct pack_metric *metric, int year);
const struct pack_fact *pack_fact(const struct pack *pack, const char *kind);
const struct pack_tag *pack_tag(const struct pack *pack, const char *code);
const struct pack_level *pack_level(const struct pack *pack, const char *code);
const struct pack_occupation *pack_occupation(const struct pack *pack, const char *code);
const struct pack_programme *pack_programme(const struct pack *pack, const char *code);
const struct pack_code *pack_ethnic_group(const struct pack *pack, const char *code);
const struct pack_code *pack_education(const struct pack *pack, const char *code);

/* By its id or its name. */
const struct pack_decision *pack_decision(const struct pack *pack, const char *name);

/* Whether a programme may teach an occupation (NULL: none) at a level (code; NULL: none). */
bool pack_teaches(const struct pack *pack, const struct pack_programme *programme,
                  const char *occupation, const char *level);
bool pack_programme_runs(const struct pack_programme *programme, struct day on);

/* --- regions */

const struct pack_region *pack_region(const struct pack *pack, const char *code);
/* Its name; in Chinese where it has no other. */
const char *pack_region_name(const struct pack_region *region, enum language language);
/* Also for a code that is no longer in use: the region that it belongs to today. */
const struct pack_region *pack_region_current(const struct pack *pack, const char *code);
const struct pack_former_region *pack_former_region(const struct pack *pack, const char *code);
/* Whether the region is the ancestor itself or lies in it; false for unknown codes. */
bool pack_region_within(const struct pack *pack, const char *code, const char *ancestor);
/* The tags of place of the region and of all that it lies in, "|border_area|"; "|" where none. */
const char *pack_region_tags(struct arena *arena, const struct pack *pack, const char *code);
/* The prefecture (or county …) that the region lies in, itself included; NULL above it. */
const struct pack_region *pack_region_at(const struct pack_region *region, enum region_level level);

/* The tags that organisations of a kind (registry's code) carry, "|technical_college|"; "|" where
 * none. */
const char *pack_organisation_tags(struct arena *arena, const struct pack *pack, const char *kind);

/* --- parameters */

/*
 * Keys that the program asks for; a pack that lacks one does not load. The value is the one of the
 * day; a day before the first value has the first. Asking for a key that no pack must have is a bug
 * (asserted): look it up with pack_find_parameter().
 */
#define PARAMETER_CLASS_SIZE_MOST "class_size_most"
#define PARAMETER_LESSON_MINUTES "lesson_minutes"
#define PARAMETER_LESSONS_PER_DAY_MOST "lessons_per_day_most"
#define PARAMETER_CLASS_LEAD_WORKING_DAYS "class_lead_working_days"
#define PARAMETER_CLASS_REVIEW_WORKING_DAYS "class_review_working_days"
#define PARAMETER_ATTENDANCE_LEAST_PERMILLE "attendance_least_permille"
#define PARAMETER_SESSION_PRESENCE_LEAST_PERMILLE "session_presence_least_permille"
#define PARAMETER_PUNCH_EARLY_MINUTES "punch_early_minutes"
#define PARAMETER_PUNCH_LATE_MINUTES "punch_late_minutes"
#define PARAMETER_PASS_MARK "pass_mark"
#define PARAMETER_SITE_CHECK_VALID_DAYS "site_check_valid_days" /* 0: no place is looked at */
#define PARAMETER_TRAINER_EVALUATES_COMPLETION "trainer_evaluates_completion"
#define PARAMETER_TRAINER_EVALUATES_SPECIAL_ABILITY "trainer_evaluates_special_ability"
#define PARAMETER_TRAINER_EVALUATES_SKILL_LEVEL "trainer_evaluates_skill_level"
#define PARAMETER_TRAINER_EVALUATES_QUALIFICATION "trainer_evaluates_qualification"
#define PARAMETER_AGE_LEAST "age_least"
#define PARAMETER_AGE_MOST_MEN "age_most_men"
#define PARAMETER_AGE_MOST_WOMEN "age_most_women"
#define PARAMETER_SUBSIDISED_PER_YEAR_MOST "subsidised_per_year_most"
#define PARAMETER_SAME_LEVEL_REPEATS_MOST "same_level_repeats_most"
#define PARAMETER_CLAIM_WITHIN_DAYS "claim_within_days"
#define PARAMETER_BANK_ACCOUNT_PEOPLE_MOST "bank_account_people_most"
#define PARAMETER_FIRST_REVIEW_WORKING_DAYS "first_review_working_days"
#define PARAMETER_SECOND_REVIEW_WORKING_DAYS "second_review_working_days"
#define PARAMETER_PUBLICITY_WORKING_DAYS "publicity_working_days"
#define PARAMETER_OBJECTION_WORKING_DAYS "objection_working_days"
#define PARAMETER_PAYMENT_WORKING_DAYS "payment_working_days"
#define PARAMETER_CORRECTION_WORKING_DAYS "correction_working_days"
#define PARAMETER_RECORD_YEARS "record_years"
#define PARAMETER_PUBLICITY_SHOWN_DAYS "publicity_shown_days"
#define PARAMETER_LOG_KEPT_DAYS "log_kept_days"
#define PARAMETER_DORMANT_ACCOUNT_DAYS "dormant_account_days"
#define PARAMETER_POST_REVIEW_DAYS "post_review_days"
#define PARAMETER_INITIAL_PASSWORD_DAYS "initial_password_days"
#define PARAMETER_VIEW_KEPT_DAYS "view_kept_days"
#define PARAMETER_UPLOAD_KEPT_DAYS "upload_kept_days"

int64_t pack_parameter(const struct pack *pack, const char *key, struct day on);
const struct pack_site_item *pack_site_item(const struct pack *pack, const char *key);
const struct pack_parameter *pack_find_parameter(const struct pack *pack, const char *key);
/* A programme's own limit, or the parameter of the day. */
int64_t pack_class_size_most(const struct pack *pack, const struct pack_programme *programme,
                             struct day on);

/* Training and evaluation apart 考培分离: whether another organisation than the one that trains
 * must examine for what the programme ends with. */
bool pack_is_evaluated_apart(const struct pack *pack, const struct pack_programme *programme,
                             struct day on);

/* --- working days; every answer is refused outside the calendar that the pack has loaded */

/* The n-th working day after `day` (n ≥ 1); `day` itself does not count. */
enum workday_add pack_workday_add(const struct pack *pack, struct day day, int64_t n,
                                  struct day *ret) __attribute__((warn_unused_result));
bool pack_is_workday(const struct pack *pack, struct day day, bool *ret)
    __attribute__((warn_unused_result));
/* Working days after `from` up to and including `to`; negative where `to` is earlier. */
enum workday_add pack_workdays_between(const struct pack *pack, struct day from, struct day to,
                                       int64_t *ret) __attribute__((warn_unused_result));

/* --- subsidies */

struct pack_subsidy_args {
    const struct pack_programme *programme;
    const char *occupation; /* code, or NULL */
    const char *level;      /* code, or NULL */
    const char *tags; /* "|retired_fisher|border_county|", or "|"; the trainee's and the class's */
    struct day on;    /* the day whose rules hold: the class's first */
    int64_t years;    /* of an apprenticeship, for rules per year; 0 counts as 1 */
    enum language language; /* of the explanation's names */
};
struct pack_subsidy_answer {
    struct fen amount_fen;
    const struct pack_subsidy_rule *rule;
    const struct pack_uplift *uplift; /* the one that was paid, or NULL */
    /* Why, for every outcome; names in the reader's language. */
    struct message explanation;
};
/*
 * The amount for one person's completed training. Of the rules that hold the one whose conditions
 * include the others' decides; where none includes the others the pack is ambiguous and nobody is
 * paid by chance; a pack where that could happen to a training of its programmes does not load.
 */
enum pack_subsidy pack_subsidy(struct arena *arena, const struct pack *pack,
                               const struct pack_subsidy_args *args,
                               struct pack_subsidy_answer *ret) __attribute__((warn_unused_result));

#endif
