/*
 * The amount for a completed training. A rule states some of: programmes, kinds of training,
 * certificates, occupations, levels. Rule A includes rule B when everything that B states A states
 * as narrowly or more; of the rules that hold, the one that includes all others decides.
 */
#include <string.h>

#include "base/arena.h"
#include "policy/policy_loader.h"

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

const struct pack_subsidy_rule *policy__subsidy_rule(const struct pack *pack,
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

/* --- the answer, and why */

/* Why there is no amount, with names in the reader's language. */
static struct message explain_refusal(struct arena *arena, const struct pack *pack,
                                      const struct pack_subsidy_args *args,
                                      enum pack_subsidy outcome)
{
    const struct pack_occupation *occupation = pack_occupation(pack, args->occupation);
    const struct pack_level *level = args->level == NULL ? NULL : pack_level(pack, args->level);
    return (struct message){
        .key = pack_subsidy_info(outcome)->code,
        .arguments = {
            {"programme", pack_say(args->programme->name, args->language)},
            {"occupation", occupation == NULL ? "-" : pack_say(occupation->name, args->language)},
            {"level", level == NULL ? "-" : pack_say(level->name, args->language)},
            {"on", day_text(arena, args->on)}}};
}

static struct message explain_rivals(const struct pack_subsidy_args *args,
                                     const struct pack_subsidy_rule *rule,
                                     const struct pack_subsidy_rule *rival)
{
    return (struct message){
        .key = "pack_subsidy.ambiguous",
        .arguments = {{"programme", pack_say(args->programme->name, args->language)},
                      {"rule", pack_say(rule->name, args->language)},
                      {"other", pack_say(rival->name, args->language)}}};
}

static struct message explain_amount(struct arena *arena, const struct pack_subsidy_args *args,
                                     const struct pack_subsidy_answer *answer, struct fen base)
{
    const struct pack_clause *clause = answer->rule->basis.clause;
    const struct pack_uplift *uplift = answer->uplift;
    return (struct message){
        .key = uplift == NULL ? "pack_subsidy.explained" : "pack_subsidy.explained_uplift",
        .arguments = {{"rule", pack_say(answer->rule->name, args->language)},
                      {"base", fen_grouped(arena, base)},
                      {"amount", fen_grouped(arena, answer->amount_fen)},
                      {"clause", clause == NULL ? "-" : clause->id},
                      {"uplift", uplift == NULL ? "-" : pack_say(uplift->name, args->language)}}};
}

enum pack_subsidy pack_subsidy(struct arena *arena, const struct pack *pack,
                               const struct pack_subsidy_args *args,
                               struct pack_subsidy_answer *ret)
{
    const struct pack_subsidy_rule *rival;
    const struct pack_subsidy_rule *rule = policy__subsidy_rule(pack, args, &rival);
    *ret = (struct pack_subsidy_answer){.rule = rule};
    enum pack_subsidy refusal =
        args->programme->is_subsidised ? PACK_SUBSIDY_NO_RULE : PACK_SUBSIDY_NOT_SUBSIDISED;
    ret->explanation = explain_refusal(arena, pack, args, refusal);
    if (!args->programme->is_subsidised || rule == NULL)
        return refusal;
    if (rival != NULL) {
        ret->explanation = explain_rivals(args, rule, rival);
        return PACK_SUBSIDY_AMBIGUOUS;
    }
    int64_t times = rule->per == SUBSIDY_PER_YEAR && args->years > 1 ? args->years : 1;
    struct fen base, extra = FEN_ZERO;
    ret->uplift = highest_uplift(pack, args);
    if (!fen_times(rule->amount_fen, times, &base) ||
        (ret->uplift != NULL && !fen_permille_down(base, ret->uplift->permille, &extra)) ||
        !fen_add(base, extra, &ret->amount_fen)) {
        ret->explanation =
            (struct message){.key = "pack_subsidy.too_large",
                             .arguments = {{"rule", pack_say(rule->name, args->language)}}};
        return PACK_SUBSIDY_TOO_LARGE;
    }
    ret->explanation = explain_amount(arena, args, ret, base);
    return PACK_SUBSIDY_FOUND;
}
