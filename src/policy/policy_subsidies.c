/* subsidies.yaml, and the proof that its rules pay every subsidised training, each by one of them.
 */
#include <string.h>

#include "base/arena.h"
#include "policy/policy_loader.h"

POLICY_ENUM(subsidy_per)

enum { PERMILLE_MAX = 10000 };

/* --- rules and uplifts */

typedef bool kind_parse(const char *code, int *ret);

static bool parse_training(const char *code, int *ret)
{
    enum training_kind kind;
    bool is_known = training_kind_parse(code, &kind);
    *ret = is_known ? (int)kind : 0;
    return is_known;
}

static bool parse_certificate(const char *code, int *ret)
{
    enum certificate_kind kind;
    bool is_known = certificate_kind_parse(code, &kind);
    *ret = is_known ? (int)kind : 0;
    return is_known;
}

static void read_bits(struct policy_loader *loader, const struct policy_node *node,
                      kind_parse *parse, uint32_t *bits)
{
    if (!policy__is_list(loader, node))
        return;
    if (node->count == 0)
        policy__fault(loader, node->place, "pack.empty", NULL);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        const char *code;
        int kind;
        if (!policy__text(loader, value, &code))
            continue;
        if (parse(code, &kind))
            *bits |= UINT32_C(1) << kind;
        else
            policy__fault(loader, value->place, "pack.not_in_list", "value", code, NULL);
    }
}

static void read_kinds(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    read_bits(loader, node, parse_training, field);
}

static void read_certificates(struct policy_loader *loader, const struct policy_node *node,
                              void *field)
{
    read_bits(loader, node, parse_certificate, field);
}

static void read_programmes(struct policy_loader *loader, const struct policy_node *node,
                            void *field)
{
    struct pack_subsidy_rule *rule = field;
    if (!policy__is_list(loader, node))
        return;
    const struct pack_programme **programmes =
        arena_array(loader->arena, node->count, const struct pack_programme *);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        const char *code;
        if (!policy__text(loader, value, &code))
            continue;
        programmes[rule->programme_count] = pack_programme(loader->pack, code);
        if (programmes[rule->programme_count] != NULL)
            rule->programme_count++;
        else
            policy__fault(loader, value->place, "pack.unknown_programme", "value", code, NULL);
    }
    rule->programmes = programmes;
}

static void read_occupations(struct policy_loader *loader, const struct policy_node *node,
                             void *field)
{
    struct pack_subsidy_rule *rule = field;
    if (!policy__is_list(loader, node))
        return;
    const struct pack_occupation **occupations =
        arena_array(loader->arena, node->count, const struct pack_occupation *);
    for (size_t i = 0; i < node->count; i++) {
        occupations[rule->occupation_count] = policy__occupation(loader, node->entries[i].value);
        if (occupations[rule->occupation_count] != NULL)
            rule->occupation_count++;
    }
    rule->occupations = occupations;
}

#define RULE_KEY(key_name, key_shape, member, ...)                                                 \
    {                                                                                              \
        .name = key_name, .shape = key_shape,                                                      \
        .offset = offsetof(struct pack_subsidy_rule, member), __VA_ARGS__                          \
    }

static void read_rule(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        RULE_KEY("id", SHAPE_CODE, id, ),
        RULE_KEY("name", SHAPE_WORDS, name, ),
        {.name = "programmes", .shape = SHAPE_CUSTOM, .is_optional = true, .read = read_programmes},
        RULE_KEY("kinds", SHAPE_CUSTOM, kinds, .is_optional = true, .read = read_kinds),
        RULE_KEY("certificates", SHAPE_CUSTOM, certificates, .is_optional = true,
                 .read = read_certificates),
        {.name = "occupations",
         .shape = SHAPE_CUSTOM,
         .is_optional = true,
         .read = read_occupations},
        RULE_KEY("levels", SHAPE_CUSTOM, levels, .is_optional = true, .read = policy__read_levels),
        RULE_KEY("yuan", SHAPE_YUAN, amount_fen, ),
        RULE_KEY("per", SHAPE_ENUM, per, .parse = parse_subsidy_per),
        RULE_KEY("from", SHAPE_DAY, from, ),
        RULE_KEY("to", SHAPE_DAY, to, .is_optional = true),
        POLICY_BASIS_KEYS(struct pack_subsidy_rule),
        {.name = NULL}};
    struct pack_subsidy_rule *rule = field;
    rule->to = DAY_NONE;
    policy__map(loader, node, keys, rule);
    policy__basis(loader, node, &rule->basis);
    policy__period(loader, node, rule->from, rule->to);
}

static void read_uplift(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "id", .shape = SHAPE_CODE, .offset = offsetof(struct pack_uplift, id)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_uplift, name)},
        {.name = "tag",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_uplift, tag),
         .read = policy__read_tag},
        {.name = "permille",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_uplift, permille),
         .least = 1,
         .most = PERMILLE_MAX},
        {.name = "from", .shape = SHAPE_DAY, .offset = offsetof(struct pack_uplift, from)},
        {.name = "to",
         .shape = SHAPE_DAY,
         .offset = offsetof(struct pack_uplift, to),
         .is_optional = true},
        POLICY_BASIS_KEYS(struct pack_uplift),
        {.name = NULL}};
    struct pack_uplift *uplift = field;
    uplift->to = DAY_NONE;
    policy__map(loader, node, keys, uplift);
    policy__basis(loader, node, &uplift->basis);
    policy__period(loader, node, uplift->from, uplift->to);
}

/* --- gaps and rivals */

/* The entry of a list whose `key` is `value`; where it stands, or the list's own place. */
static struct policy_place place_of_entry(const struct policy_node *list, const char *key,
                                          const char *value)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct policy_node *node = list->entries[i].value;
        const struct policy_node *found = node->kind == NODE_MAP ? policy__get(node, key) : NULL;
        if (found != NULL && found->kind == NODE_TEXT && strcmp(found->text, value) == 0)
            return node->place;
    }
    return list->place;
}

static void fault_of(struct policy_loader *loader, const struct pack_subsidy_args *args,
                     const struct pack_subsidy_rule *rule, const struct pack_subsidy_rule *rival)
{
    const char *on = day_text(loader->arena, args->on);
    const char *programme = args->programme->code;
    if (rule != NULL && rival != NULL) {
        const struct policy_node *root = policy__root(loader, FILE_SUBSIDIES);
        policy__fault(loader, place_of_entry(policy__get(root, "rules"), "id", rival->id),
                      "pack.subsidy_rivals", "rule", rule->id, "other", rival->id, "programme",
                      programme, "on", on, NULL);
    } else {
        const struct policy_node *root = policy__root(loader, FILE_PROGRAMMES);
        policy__fault(loader, place_of_entry(policy__get(root, "programmes"), "code", programme),
                      "pack.subsidy_gap", "programme", programme, "occupation",
                      args->occupation == NULL ? "-" : args->occupation, "level",
                      args->level == NULL ? "-" : args->level, "on", on, NULL);
    }
}

/* Asks for a training on a day; false, with a fault, where not exactly one rule decides. */
static bool is_paid(struct policy_loader *loader, const struct pack_subsidy_args *args)
{
    if (!pack_programme_runs(args->programme, args->on))
        return true;
    const struct pack_subsidy_rule *rival;
    const struct pack_subsidy_rule *rule = policy__subsidy_rule(loader->pack, args, &rival);
    if (rule != NULL && rival == NULL)
        return true;
    fault_of(loader, args, rule, rival);
    return false;
}

/* On every day on which something begins or has ended; between them nothing changes. */
static bool is_paid_always(struct policy_loader *loader, struct pack_subsidy_args args)
{
    const struct pack_subsidy_rule_list *rules = &loader->pack->subsidy_rules;
    args.on = args.programme->from;
    bool is_sound = is_paid(loader, &args);
    for (size_t i = 0; i < rules->count && is_sound; i++) {
        args.on = rules->items[i].from;
        is_sound = is_paid(loader, &args);
        args.on = day_plus(rules->items[i].to, 1);
        if (!day_is_none(rules->items[i].to))
            is_sound = is_sound && is_paid(loader, &args);
    }
    return is_sound;
}

/* Every training that a programme may give; the first fault is enough. */
static void check_programme(struct policy_loader *loader, const struct pack_programme *programme)
{
    const struct pack_level_list *levels = &loader->pack->levels;
    struct pack_subsidy_args args = {.programme = programme, .tags = "|"};
    bool is_sound = programme->teaches.count > 0 || is_paid_always(loader, args);
    for (size_t i = 0; i < programme->teaches.count && is_sound; i++) {
        const struct pack_teaches *teaches = &programme->teaches.items[i];
        args.occupation = teaches->occupation->code;
        for (size_t j = 0; j < levels->count && is_sound; j++) {
            args.level = levels->items[j].code;
            if ((teaches->levels >> levels->items[j].rank & 1) != 0)
                is_sound = is_paid_always(loader, args);
        }
    }
}

void policy__load_subsidies(struct policy_loader *loader)
{
    const struct policy_node *root = policy__root(loader, FILE_SUBSIDIES);
    static const struct policy_key keys[] = {{.name = "rules", .shape = SHAPE_SKIP},
                                             {.name = "uplifts", .shape = SHAPE_SKIP},
                                             {.name = NULL}};
    policy__map(loader, root, keys, loader);
    struct pack_subsidy_rule_list *rules = &loader->pack->subsidy_rules;
    rules->items = policy__things(loader,
                                  &(struct policy_things){.node = policy__get(root, "rules"),
                                                          .size = sizeof *rules->items,
                                                          .read_one = read_rule},
                                  &rules->count);
    struct pack_uplift_list *uplifts = &loader->pack->uplifts;
    uplifts->items = policy__things(loader,
                                    &(struct policy_things){.node = policy__get(root, "uplifts"),
                                                            .size = sizeof *uplifts->items,
                                                            .read_one = read_uplift},
                                    &uplifts->count);
    const struct pack_programme_list *programmes = &loader->pack->programmes;
    for (size_t i = 0; i < programmes->count && policy__is_sound(loader); i++) {
        if (programmes->items[i].is_subsidised)
            check_programme(loader, &programmes->items[i]);
    }
}
