/* parameters.yaml: decided figures, each valid from a day on. */
#include "base/arena.h"
#include "policy/policy_loader.h"

/* What the program asks for; see policy.h. */
static const char *const NEEDED[] = {PARAMETER_CLASS_SIZE_MOST,
                                     PARAMETER_LESSON_MINUTES,
                                     PARAMETER_LESSONS_PER_DAY_MOST,
                                     PARAMETER_CLASS_LEAD_WORKING_DAYS,
                                     PARAMETER_CLASS_REVIEW_WORKING_DAYS,
                                     PARAMETER_ATTENDANCE_LEAST_PERMILLE,
                                     PARAMETER_SESSION_PRESENCE_LEAST_PERMILLE,
                                     PARAMETER_PASS_MARK,
                                     PARAMETER_SITE_CHECK_VALID_DAYS,
                                     PARAMETER_TRAINER_EVALUATES_COMPLETION,
                                     PARAMETER_TRAINER_EVALUATES_SPECIAL_ABILITY,
                                     PARAMETER_TRAINER_EVALUATES_SKILL_LEVEL,
                                     PARAMETER_TRAINER_EVALUATES_QUALIFICATION,
                                     PARAMETER_AGE_LEAST,
                                     PARAMETER_AGE_MOST_MEN,
                                     PARAMETER_AGE_MOST_WOMEN,
                                     PARAMETER_SUBSIDISED_PER_YEAR_MOST,
                                     PARAMETER_SAME_LEVEL_REPEATS_MOST,
                                     PARAMETER_CLAIM_WITHIN_DAYS,
                                     PARAMETER_BANK_ACCOUNT_PEOPLE_MOST,
                                     PARAMETER_FIRST_REVIEW_WORKING_DAYS,
                                     PARAMETER_SECOND_REVIEW_WORKING_DAYS,
                                     PARAMETER_PUBLICITY_WORKING_DAYS,
                                     PARAMETER_OBJECTION_WORKING_DAYS,
                                     PARAMETER_PAYMENT_WORKING_DAYS,
                                     PARAMETER_CORRECTION_WORKING_DAYS,
                                     PARAMETER_RECORD_YEARS,
                                     PARAMETER_PUBLICITY_SHOWN_DAYS,
                                     PARAMETER_LOG_KEPT_DAYS,
                                     PARAMETER_INITIAL_PASSWORD_DAYS,
                                     PARAMETER_POST_REVIEW_DAYS,
                                     PARAMETER_DORMANT_ACCOUNT_DAYS,
                                     PARAMETER_VIEW_KEPT_DAYS,
                                     PARAMETER_UPLOAD_KEPT_DAYS,
                                     PARAMETER_PUNCH_EARLY_MINUTES,
                                     PARAMETER_PUNCH_LATE_MINUTES};

static void read_value(struct policy_loader *loader, const struct policy_node *node,
                       struct pack_value *value)
{
    static const struct policy_key keys[] = {
        {.name = "value",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_value, value),
         .least = 0,
         .most = INT64_C(1000000000000)},
        {.name = "from", .shape = SHAPE_DAY, .offset = offsetof(struct pack_value, from)},
        {.name = NULL}};
    policy__map(loader, node, keys, value);
}

/* Each value ends the day before the next one begins; the first holds from the plan's first day at
 * the latest. */
static void read_values(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    struct pack_value_list *list = field;
    if (!policy__is_list(loader, node))
        return;
    if (node->count == 0)
        policy__fault(loader, node->place, "pack.empty", NULL);
    struct pack_value *values = arena_array(loader->arena, node->count, struct pack_value);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        values[i].to = DAY_NONE;
        read_value(loader, value, &values[i]);
        bool is_late = i == 0 && !day_is_none(loader->pack->last_day) &&
                       day_compare(values[0].from, loader->pack->first_day) > 0;
        if (is_late || (i > 0 && day_compare(values[i].from, values[i - 1].from) <= 0))
            policy__fault(loader, value->place, "pack.values_in_order", NULL);
        if (i > 0)
            values[i - 1].to = day_plus(values[i].from, -1);
    }
    *list = (struct pack_value_list){node->count, values};
}

static void read_parameter(struct policy_loader *loader, const struct policy_node *node,
                           void *field)
{
    static const struct policy_key keys[] = {
        {.name = "key", .shape = SHAPE_CODE, .offset = offsetof(struct pack_parameter, key)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_parameter, name)},
        {.name = "unit", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_parameter, unit)},
        {.name = "values",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_parameter, values),
         .read = read_values},
        POLICY_BASIS_KEYS(struct pack_parameter),
        {.name = NULL}};
    struct pack_parameter *parameter = field;
    policy__map(loader, node, keys, parameter);
    policy__basis(loader, node, &parameter->basis);
}

static void read_site_item(struct policy_loader *loader, const struct policy_node *node,
                           void *field)
{
    static const struct policy_key keys[] = {
        {.name = "key", .shape = SHAPE_CODE, .offset = offsetof(struct pack_site_item, key)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_site_item, name)},
        POLICY_BASIS_KEYS(struct pack_site_item),
        {.name = NULL}};
    struct pack_site_item *item = field;
    policy__map(loader, node, keys, item);
    policy__basis(loader, node, &item->basis);
}

void policy__load_parameters(struct policy_loader *loader)
{
    const struct policy_node *root = policy__root(loader, FILE_PARAMETERS);
    static const struct policy_key keys[] = {{.name = "parameters", .shape = SHAPE_SKIP},
                                             {.name = "site_check", .shape = SHAPE_SKIP},
                                             {.name = NULL}};
    policy__map(loader, root, keys, loader);
    struct pack_parameter_list *list = &loader->pack->parameters;
    list->items = policy__things(loader,
                                 &(struct policy_things){.node = policy__get(root, "parameters"),
                                                         .size = sizeof *list->items,
                                                         .read_one = read_parameter,
                                                         .is_sorted = true},
                                 &list->count);
    struct pack_site_item_list *items = &loader->pack->site_items;
    items->items = policy__things(loader,
                                  &(struct policy_things){.node = policy__get(root, "site_check"),
                                                          .size = sizeof *items->items,
                                                          .read_one = read_site_item},
                                  &items->count);
    for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++) {
        if (pack_find_parameter(loader->pack, NEEDED[i]) == NULL)
            policy__fault(loader, (struct policy_place){1, 1}, "pack.parameter_missing", "key",
                          NEEDED[i], NULL);
    }
}
