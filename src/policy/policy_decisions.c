/*
 * The pack's decisions: models of DMN in a folder of their own, read strictly. A table with a gap
 * or an overlap does not load, and every rule says what it rests on: what a text leaves open stands
 * in a row that says so, and is never a silent zero.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dmn/dmn.h"
#include "policy/policy_loader.h"

static const char SOURCE[] = "source:";

/* --- the folder --- */

static void close_folder(void *folder)
{
    closedir(folder);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct dmn_file *)a)->name, ((const struct dmn_file *)b)->name);
}

static bool is_model(const char *name)
{
    const char *ending = strrchr(name, '.');
    return name[0] != '.' && ending != NULL && strcmp(ending, ".dmn") == 0;
}

void policy__read_models(struct policy_loader *loader)
{
    DIR *folder = opendir(arena_printf(loader->arena, "%s/" POLICY__DECISIONS, loader->dir));
    if (folder == NULL)
        return; /* a plan without decisions of its own */
    arena_defer(loader->arena, close_folder, folder);
    loader->models = arena_array(loader->arena, POLICY__MODELS_MAX, struct dmn_file);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (!is_model(entry->d_name))
            continue;
        struct dmn_file *file = &loader->models[loader->model_count];
        loader->file = file->name =
            arena_printf(loader->arena, POLICY__DECISIONS "/%s", entry->d_name);
        if (loader->model_count == POLICY__MODELS_MAX) {
            policy__fault(loader, (struct policy_place){1, 1}, "pack.too_many", NULL);
            break;
        }
        if (policy__read_bytes(loader, file->name, &file->bytes))
            loader->model_count++;
    }
    arena_close(loader->arena, folder);
    if (loader->model_count > 0)
        qsort(loader->models, loader->model_count, sizeof *loader->models, by_name);
}

/* --- what is wrong with a model --- */

static struct policy_place place_of(struct feel_place place)
{
    return (struct policy_place){place.line > 0 ? place.line : 1,
                                 place.column > 0 ? place.column : 1};
}

/* In the pack's own house a doubt is a fault, and so are gaps and overlaps. */
static void take_reports(struct policy_loader *loader, const struct dmn_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++) {
        const struct dmn_report *report = &reports->items[i];
        const char *about = report->message.arguments[0].value;
        if (report->fault == DMN_FAULT_NOT_EXAMINED)
            continue;
        loader->file = report->file;
        policy__fault(loader, place_of(report->place), report->message.key, "about",
                      *report->element == '\0'
                          ? about
                          : arena_printf(loader->arena, "%s: %s", report->element, about),
                      NULL);
    }
}

static bool is_known_source(const struct pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->sources.count; i++)
        if (strcmp(pack->sources.items[i].id, id) == 0)
            return true;
    return false;
}

/* The clause that each rule rests on, or, for a local setting, "source:ID". */
static void check_basis(struct policy_loader *loader, const struct dmn_table *table)
{
    for (size_t i = 0; i < table->rule_count; i++) {
        const char *clause = table->rules[i].clause;
        struct policy_place place = {table->rules[i].line, 1};
        if (*clause == '\0')
            policy__fault(loader, place, "pack.no_basis", NULL);
        else if (text_starts(clause, SOURCE) &&
                 !is_known_source(loader->pack, clause + strlen(SOURCE)))
            policy__fault(loader, place, "pack.unknown_source", "source", clause + strlen(SOURCE),
                          NULL);
        else if (!text_starts(clause, SOURCE) && pack_clause(loader->pack, clause) == NULL)
            policy__fault(loader, place, "pack.unknown_clause", "clause", clause, NULL);
    }
}

/* --- decisions --- */

static void add_decision(struct policy_loader *loader, const struct dmn_model *model,
                         const struct dmn_element *element)
{
    struct pack_decision_list *list = &loader->pack->decisions;
    const struct dmn_table *table = dmn_table_of(model, element);
    if (*element->id == '\0')
        policy__fault(loader, (struct policy_place){element->line, 1}, "pack.missing_key", "key",
                      "id", NULL);
    else if (pack_decision(loader->pack, element->id) != NULL ||
             pack_decision(loader->pack, element->name) != NULL)
        policy__fault(loader, (struct policy_place){element->line, 1}, "pack.duplicate", "value",
                      element->name, NULL);
    if (table != NULL)
        check_basis(loader, table);
    struct pack_decision *items = arena_array(loader->arena, list->count + 1, struct pack_decision);
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    items[list->count] = (struct pack_decision){model, element};
    *list = (struct pack_decision_list){.items = items, .count = list->count + 1};
}

void policy__load_decisions(struct policy_loader *loader)
{
    for (size_t i = 0; i < loader->model_count; i++) {
        struct dmn_source source = {.files = loader->models,
                                    .file_count = loader->model_count,
                                    .main = i,
                                    .rigour = DMN_STRICT};
        struct dmn_reports reports;
        const struct dmn_model *model = dmn_load(loader->arena, &source, &reports);
        take_reports(loader, &reports);
        loader->file = loader->models[i].name;
        for (size_t j = 0; model != NULL && j < dmn_element_count(model); j++) {
            const struct dmn_element *element = dmn_element(model, j);
            bool is_own = element->model == dmn_about(model);
            if (is_own && element->kind == DMN_KIND_DECISION)
                add_decision(loader, model, element);
        }
    }
}

const struct pack_decision *pack_decision(const struct pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->decisions.count; i++) {
        const struct dmn_element *element = pack->decisions.items[i].element;
        if (strcmp(element->id, name) == 0 || strcmp(element->name, name) == 0)
            return &pack->decisions.items[i];
    }
    return NULL;
}
