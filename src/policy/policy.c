/* Lookups in the frozen pack; see policy.h. */
#include "policy/policy.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "policy/policy_loader.h"

#define FIND(list, key) policy__find((list).items, (list).count, sizeof *(list).items, (key))

const char *pack_say(struct pack_text text, enum language language)
{
    return language == LANGUAGE_ZH ? text.zh : text.en;
}

/* Clauses and departments keep the document's order; there are a few dozen. */
const struct pack_clause *pack_clause(const struct pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->clauses.count; i++) {
        if (strcmp(pack->clauses.items[i].id, id) == 0)
            return &pack->clauses.items[i];
    }
    return NULL;
}

const char *pack_clause_words(struct ctx *ctx, const char *id)
{
    const struct pack_clause *clause = id == NULL ? NULL : pack_clause(ctx->pack, id);
    if (clause == NULL)
        return id == NULL ? "" : id;
    const char *comma = ctx->language == LANGUAGE_ZH ? "，" : ", ";
    return arena_printf(ctx->arena, "%s%s%s", id, comma, pack_say(clause->title, ctx->language));
}

const struct pack_department *pack_department(const struct pack *pack, const char *code)
{
    for (size_t i = 0; i < pack->departments.count; i++) {
        if (strcmp(pack->departments.items[i].code, code) == 0)
            return &pack->departments.items[i];
    }
    return NULL;
}

/* Items are numbered from 1 without gaps: a rule of the loader. */
const struct pack_item *pack_item(const struct pack *pack, int64_t no)
{
    if (no < 1 || no > (int64_t)pack->items.count)
        return NULL;
    return &pack->items.items[no - 1];
}

static const struct pack_metric *metric_in(const struct pack_metric_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].id, id) == 0)
            return &list->items[i];
    }
    return NULL;
}

const struct pack_metric *pack_metric(const struct pack *pack, const char *id)
{
    const struct pack_metric *metric = metric_in(&pack->headlines, id);
    for (size_t i = 0; i < pack->items.count && metric == NULL; i++)
        metric = metric_in(&pack->items.items[i].metrics, id);
    return metric;
}

const struct pack_target *pack_target(const struct pack_metric *metric, int year)
{
    for (size_t i = 0; i < metric->targets.count; i++) {
        if (metric->targets.items[i].year == year)
            return &metric->targets.items[i];
    }
    return NULL;
}

const struct pack_fact *pack_fact(const struct pack *pack, const char *kind)
{
    return FIND(pack->facts, kind);
}

const struct pack_tag *pack_tag(const struct pack *pack, const char *code)
{
    return FIND(pack->tags, code);
}

const struct pack_level *pack_level(const struct pack *pack, const char *code)
{
    for (size_t i = 0; i < pack->levels.count; i++) {
        if (strcmp(pack->levels.items[i].code, code) == 0)
            return &pack->levels.items[i];
    }
    return NULL;
}

const struct pack_occupation *pack_occupation(const struct pack *pack, const char *code)
{
    return FIND(pack->occupations, code);
}

const struct pack_programme *pack_programme(const struct pack *pack, const char *code)
{
    return FIND(pack->programmes, code);
}

const struct pack_code *pack_ethnic_group(const struct pack *pack, const char *code)
{
    return FIND(pack->ethnic_groups, code);
}

const struct pack_code *pack_education(const struct pack *pack, const char *code)
{
    return FIND(pack->education, code);
}

const char *pack_organisation_tags(struct arena *arena, const struct pack *pack, const char *kind)
{
    struct buffer tags = buffer_new(arena, 32);
    buffer_add_char(&tags, '|');
    for (size_t i = 0; i < pack->tags.count; i++) {
        const struct pack_tag *tag = &pack->tags.items[i];
        if (kind != NULL && text_equal(tag->organisation_kind, kind))
            buffer_printf(&tags, "%s|", tag->code);
    }
    return tags.bytes;
}

bool pack_teaches(const struct pack *pack, const struct pack_programme *programme,
                  const char *occupation, const char *level)
{
    const struct pack_level *wanted = level == NULL ? NULL : pack_level(pack, level);
    if (level != NULL && wanted == NULL)
        return false;
    if (occupation == NULL)
        return level == NULL && programme->teaches.count == 0;
    for (size_t i = 0; i < programme->teaches.count; i++) {
        const struct pack_teaches *teaches = &programme->teaches.items[i];
        if (strcmp(teaches->occupation->code, occupation) == 0)
            return wanted == NULL || (teaches->levels >> wanted->rank & 1) != 0;
    }
    return false;
}

bool pack_programme_runs(const struct pack_programme *programme, struct day on)
{
    return day_compare(on, programme->from) >= 0 &&
           (day_is_none(programme->to) || day_compare(on, programme->to) <= 0);
}

const struct pack_parameter *pack_find_parameter(const struct pack *pack, const char *key)
{
    return FIND(pack->parameters, key);
}

const struct pack_site_item *pack_site_item(const struct pack *pack, const char *key)
{
    for (size_t i = 0; i < pack->site_items.count; i++)
        if (strcmp(pack->site_items.items[i].key, key) == 0)
            return &pack->site_items.items[i];
    return NULL;
}

int64_t pack_parameter(const struct pack *pack, const char *key, struct day on)
{
    const struct pack_parameter *parameter = pack_find_parameter(pack, key);
    assert(parameter != NULL && parameter->values.count > 0);
    int64_t value = parameter->values.items[0].value;
    for (size_t i = 1; i < parameter->values.count; i++) {
        if (day_compare(parameter->values.items[i].from, on) <= 0)
            value = parameter->values.items[i].value;
    }
    return value;
}

bool pack_is_evaluated_apart(const struct pack *pack, const struct pack_programme *programme,
                             struct day on)
{
    switch (programme->certificate) {
    case CERTIFICATE_KIND_COMPLETION:
        return pack_parameter(pack, PARAMETER_TRAINER_EVALUATES_COMPLETION, on) == 0;
    case CERTIFICATE_KIND_SPECIAL_ABILITY:
        return pack_parameter(pack, PARAMETER_TRAINER_EVALUATES_SPECIAL_ABILITY, on) == 0;
    case CERTIFICATE_KIND_SKILL_LEVEL:
        return pack_parameter(pack, PARAMETER_TRAINER_EVALUATES_SKILL_LEVEL, on) == 0;
    case CERTIFICATE_KIND_QUALIFICATION:
        return pack_parameter(pack, PARAMETER_TRAINER_EVALUATES_QUALIFICATION, on) == 0;
    case CERTIFICATE_KIND_NONE:
        break;
    }
    return true;
}

int64_t pack_class_size_most(const struct pack *pack, const struct pack_programme *programme,
                             struct day on)
{
    return programme->class_size_most != PACK_NUMBER_NONE
               ? programme->class_size_most
               : pack_parameter(pack, PARAMETER_CLASS_SIZE_MOST, on);
}
