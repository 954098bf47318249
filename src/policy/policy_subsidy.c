/*
 * subsidies.yaml, and the amount for a completed training. A rule states some of: programmes, kinds
 * of training, certificates, occupations, levels. Rule A includes rule B when everything that B
 * states A states as narrowly or more; of the rules that hold, the one that includes all others
 * decides.
 */
#include <string.h>

#include "base/arena.h"
#include "policy/policy_loader.h"

POLICY_ENUM(subsidy_per)

enum { PERMILLE_MAX = 10000 };

/* --- loading */

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
}

/* --- which rules hold, and which decides */

static bool is_within(struct day on, struct day from, struct day to)
{
    return day_compare(on, from) >= 0 && (day_is_none(to) || day_compare(on, to) <= 0);
}

static bool has_programme(const struct pack_subsidy_rule *rule,
                          const struct pack_programme *programme)
{
    for (size_t i = 0; i < rule->programme_count; i++) {
        if (rule->programmes[i] == programme)
            return true;
    }
    return false;
}

static bool has_occupation(const struct pack_subsidy_rule *rule,
                           const struct pack_occupation *occupation)
{
    for (size_t i = 0; i < rule->occupation_count; i++) {
        if (rule->occupations[i] == occupation)
            return true;
    }
    return false;
}

static bool holds(const struct pack_subsidy_rule *rule, const struct pack *pack,
                  const struct pack_subsidy_args *args)
{
    const struct pack_programme *programme = args->programme;
    const struct pack_level *level = args->level == NULL ? NULL : pack_level(pack, args->level);
    uint32_t level_bit = level == NULL ? 0 : UINT32_C(1) << level->rank;
    return is_within(args->on, rule->from, rule->to) &&
           (rule->programme_count == 0 || has_programme(rule, programme)) &&
           (rule->kinds == 0 || (rule->kinds >> programme->kind & 1) != 0) &&
           (rule->certificates == 0 || (rule->certificates >> programme->certificate & 1) != 0) &&
           (rule->occupation_count == 0 ||
            has_occupation(rule, pack_occupation(pack, args->occupation))) &&
           (rule->levels == 0 || (rule->levels & level_bit) != 0);
}

static bool bits_within(uint32_t narrow, uint32_t wide)
{
    return wide == 0 || (narrow != 0 && (narrow & ~wide) == 0);
}

/* Whether everything that `other` states, `rule` states as narrowly or more. */
static bool includes(const struct pack_subsidy_rule *rule, const struct pack_subsidy_rule *other)
{
    if (!bits_within(rule->kinds, other->kinds) ||
        !bits_within(rule->certificates, other->certificates) ||
        !bits_within(rule->levels, other->levels))
        return false;
    if ((other->programme_count > 0 && rule->programme_count == 0) ||
        (other->occupation_count > 0 && rule->occupation_count == 0))
        return false;
    for (size_t i = 0; i < rule->programme_count && other->programme_count > 0; i++) {
        if (!has_programme(other, rule->programmes[i]))
            return false;
    }
    for (size_t i = 0; i < rule->occupation_count && other->occupation_count > 0; i++) {
        if (!has_occupation(other, rule->occupations[i]))
            return false;
    }
    return true;
}

/* The rule that decides; NULL where none holds; *ret_rival where none includes the others. */
static const struct pack_subsidy_rule *decide(const struct pack *pack,
                                              const struct pack_subsidy_args *args,
                                              const struct pack_subsidy_rule **ret_rival)
{
    const struct pack_subsidy_rule_list *rules = &pack->subsidy_rules;
    const struct pack_subsidy_rule *best = NULL;
    *ret_rival = NULL;
    for (size_t i = 0; i < rules->count; i++) {
        const struct pack_subsidy_rule *rule = &rules->items[i];
        if (holds(rule, pack, args) && (best == NULL || includes(rule, best)))
            best = rule;
    }
    for (size_t i = 0; i < rules->count && best != NULL; i++) {
        const struct pack_subsidy_rule *rule = &rules->items[i];
        bool is_rival = rule != best && holds(rule, pack, args) &&
                        (!includes(best, rule) || includes(rule, best));
        if (is_rival)
            *ret_rival = rule;
    }
    return best;
}

static bool has_tag(const char *tags, const char *code)
{
    size_t length = strlen(code);
    for (const char *at = tags; (at = strstr(at, code)) != NULL; at += length) {
        if (at > tags && at[-1] == '|' && at[length] == '|')
            return true;
    }
    return false;
}

static const struct pack_uplift *highest_uplift(const struct pack *pack,
                                                const struct pack_subsidy_args *args)
{
    const struct pack_uplift *highest = NULL;
    for (size_t i = 0; i < pack->uplifts.count && args->tags != NULL; i++) {
        const struct pack_uplift *uplift = &pack->uplifts.items[i];
        if (is_within(args->on, uplift->from, uplift->to) &&
            has_tag(args->tags, uplift->tag->code) &&
            (highest == NULL || uplift->permille > highest->permille))
            highest = uplift;
    }
    return highest;
}

/* --- the answer */

static enum pack_subsidy refuse(struct arena *arena, const struct pack_subsidy_args *args,
                                const struct pack_subsidy_rule *rival,
                                struct pack_subsidy_answer *ret)
{
    struct argument programme = {"programme", args->programme->code};
    if (!args->programme->is_subsidised) {
        ret->explanation =
            (struct message){.key = "pack_subsidy.not_subsidised", .arguments = {programme}};
        return PACK_SUBSIDY_NOT_SUBSIDISED;
    }
    if (rival != NULL) {
        ret->explanation = (struct message){
            .key = "pack_subsidy.ambiguous",
            .arguments = {programme, {"rule", ret->rule->id}, {"other", rival->id}}};
        return PACK_SUBSIDY_AMBIGUOUS;
    }
    ret->explanation = (struct message){
        .key = "pack_subsidy.no_rule",
        .arguments = {programme,
                      {"occupation", args->occupation != NULL ? args->occupation : "-"},
                      {"level", args->level != NULL ? args->level : "-"},
                      {"on", day_text(arena, args->on)}}};
    return PACK_SUBSIDY_NO_RULE;
}

enum pack_subsidy pack_subsidy(struct arena *arena, const struct pack *pack,
                               const struct pack_subsidy_args *args,
                               struct pack_subsidy_answer *ret)
{
    const struct pack_subsidy_rule *rival;
    *ret = (struct pack_subsidy_answer){.rule = decide(pack, args, &rival)};
    if (!args->programme->is_subsidised || ret->rule == NULL || rival != NULL)
        return refuse(arena, args, rival, ret);
    const struct pack_subsidy_rule *rule = ret->rule;
    int64_t times = rule->per == SUBSIDY_PER_YEAR && args->years > 1 ? args->years : 1;
    struct fen base, extra = FEN_ZERO;
    ret->uplift = highest_uplift(pack, args);
    if (!fen_times(rule->amount_fen, times, &base) ||
        (ret->uplift != NULL && !fen_permille_down(base, ret->uplift->permille, &extra)) ||
        !fen_add(base, extra, &ret->amount_fen)) {
        ret->explanation =
            (struct message){.key = "pack_subsidy.too_large", .arguments = {{"rule", rule->id}}};
        return PACK_SUBSIDY_TOO_LARGE;
    }
    ret->explanation = (struct message){
        .key = ret->uplift == NULL ? "pack_subsidy.explained" : "pack_subsidy.explained_uplift",
        .arguments = {{"rule", rule->id},
                      {"base", fen_grouped(arena, base)},
                      {"amount", fen_grouped(arena, ret->amount_fen)},
                      {"clause", rule->basis.clause == NULL ? "-" : rule->basis.clause->id},
                      {"uplift", ret->uplift == NULL ? "-" : ret->uplift->id}}};
    return PACK_SUBSIDY_FOUND;
}
