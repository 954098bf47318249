/* Decision models: the pack's decisions, asked from the command line, and the compatibility kit. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "dmn/dmn.h"
#include "main.h"

enum { CASES_BYTES = 512 << 20, FILES_MOST = 100 };

/* --- a decision of the pack --- */

static bool is_named(const struct dmn_element *element, const char *name, size_t length)
{
    return (strlen(element->id) == length && strncmp(element->id, name, length) == 0) ||
           (strlen(element->name) == length && strncmp(element->name, name, length) == 0);
}

static bool is_input_of(const struct pack_decision *decision, const struct dmn_element *element)
{
    return element->kind == DMN_KIND_INPUT_DATA &&
           dmn_requires(decision->model, decision->element, element);
}

static const struct dmn_element *find_input(const struct pack_decision *decision, const char *name,
                                            size_t length)
{
    for (size_t i = 0; i < dmn_element_count(decision->model); i++) {
        const struct dmn_element *element = dmn_element(decision->model, i);
        if (is_named(element, name, length) && is_input_of(decision, element))
            return element;
    }
    return NULL;
}

static void name_inputs(const struct pack_decision *decision)
{
    for (size_t i = 0; i < dmn_element_count(decision->model); i++) {
        const struct dmn_element *element = dmn_element(decision->model, i);
        if (is_input_of(decision, element))
            fprintf(stderr, " %s (%s)", element->id, element->name);
    }
    fputs("\n", stderr);
}

/* What the run remarked about the input that it was given last; NULL: nothing. */
static const struct dmn_remark *last_remark(const struct dmn_run *run)
{
    const struct dmn_remark *remark = NULL;
    for (const struct dmn_step *step = dmn_explain(run); step != NULL; step = step->next)
        remark = step->remarks;
    return remark;
}

static bool give_input(struct tool *tool, struct dmn_run *run, const struct pack_decision *decision,
                       const char *word)
{
    size_t length = strcspn(word, "=");
    const struct dmn_element *input = find_input(decision, word, length);
    struct feel_value value;
    if (word[length] == '\0' || input == NULL) {
        fprintf(stderr, "dianji: %.*s is none of its inputs:", (int)length, word);
        name_inputs(decision);
        return false;
    }
    const char *text = word + length + 1;
    bool is_read = dmn_read(tool->arena, input, text, &value);
    if (is_read)
        dmn_give(run, input, value);
    if (is_read && last_remark(run) == NULL)
        return true;
    fprintf(stderr, "dianji: %s (%s): %s is none of the values that it can have\n", input->id,
            input->name, text);
    return false;
}

static void name_decisions(const struct pack *pack)
{
    for (size_t i = 0; i < pack->decisions.count; i++) {
        const struct pack_decision *decision = &pack->decisions.items[i];
        fprintf(stderr, "  %s (%s):", decision->element->id, decision->element->name);
        name_inputs(decision);
    }
}

int command_decide(struct tool *tool)
{
    if (!tool_open_pack(tool))
        return 1;
    if (tool->word_count == 0) {
        fputs("usage: dianji decide DECISION key=value… --json [--pack DIR]\n", stderr);
        name_decisions(tool->pack);
        return 2;
    }
    const struct pack_decision *decision = pack_decision(tool->pack, tool->words[0]);
    if (decision == NULL) {
        fprintf(stderr, "dianji: the pack has no decision %s; it has", tool->words[0]);
        for (size_t i = 0; i < tool->pack->decisions.count; i++)
            fprintf(stderr, " %s (%s)", tool->pack->decisions.items[i].element->id,
                    tool->pack->decisions.items[i].element->name);
        fputs("\n", stderr);
        return 1;
    }
    struct dmn_settings settings = {.now = tool->ctx.now, .explains = true};
    struct dmn_run *run = dmn_run_new(tool->arena, decision->model, &settings);
    for (int i = 1; i < tool->word_count; i++)
        if (!give_input(tool, run, decision, tool->words[i]))
            return 1;
    struct buffer out = buffer_new(tool->arena, 4096);
    dmn_decision_json(run, decision->element, &out);
    puts(out.bytes);
    return 0;
}

/* --- the compatibility kit --- */

/* What lies in one folder: models, and files of test cases. */
struct folder {
    const char *path;
    struct dmn_file models[FILES_MOST];
    size_t model_count;
    struct dmn_file cases[FILES_MOST];
    size_t case_count;
};

struct testing {
    struct tool *tool;
    const char *top; /* the folder that was named; paths are told from there */
    struct buffer failed;
    size_t tests, passed;
};

static void add_failure(struct testing *testing, const char *file,
                        const struct dmn_kit_failure *failure)
{
    struct buffer *out = &testing->failed;
    buffer_add(out, out->length == 0 ? "\n" : ",\n");
    buffer_add(out, "{\"file\":");
    buffer_add_json(out, file);
    buffer_add(out, ",\"test\":");
    buffer_add_json(out, failure->test);
    buffer_add(out, ",\"why\":");
    buffer_add_json(out, failure->why);
    buffer_add(out, "}");
}

/* Each file in memory of its own: what one model uses up is not the next one's. */
static void run_cases(struct testing *testing, const struct folder *folder,
                      const struct dmn_file *cases)
{
    struct arena *arena = arena_new(CASES_BYTES);
    struct guard guard;
    struct dmn_kit_source source = {.cases = cases->bytes,
                                    .files = folder->models,
                                    .file_count = folder->model_count,
                                    .now = testing->tool->ctx.now};
    if (GUARDED(arena, &guard) == FAULT_NONE) {
        struct dmn_kit_result result = {0};
        if (dmn_kit_is(arena, cases->bytes))
            result = dmn_kit_run(arena, &source);
        guard_leave(arena, &guard);
        for (size_t i = 0; i < result.tests - result.passed; i++)
            add_failure(testing, cases->name, &result.failures[i]);
        testing->tests += result.tests;
        testing->passed += result.passed;
    } else {
        testing->tests++;
        add_failure(testing, cases->name, &(struct dmn_kit_failure){"*", "out of memory"});
    }
    arena_free(arena);
}

static void run_folder(struct testing *testing, const struct folder *folder)
{
    for (size_t i = 0; i < folder->case_count; i++) {
        if (isatty(STDERR_FILENO) != 0)
            fprintf(stderr, "\r\033[K%zu  %s", testing->tests, folder->cases[i].name);
        run_cases(testing, folder, &folder->cases[i]);
    }
    if (isatty(STDERR_FILENO) != 0)
        fputs("\r\033[K", stderr);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

/* Keeps the file where it is a model or may be test cases. */
static bool take_file(struct testing *testing, struct folder *folder, const FTSENT *entry)
{
    bool is_model = ends_with(entry->fts_name, ".dmn");
    if (!is_model && !ends_with(entry->fts_name, ".xml"))
        return true;
    size_t *count = is_model ? &folder->model_count : &folder->case_count;
    struct dmn_file *file = is_model ? &folder->models[*count] : &folder->cases[*count];
    if (*count == FILES_MOST) {
        fprintf(stderr, "dianji: more than %d files in %s\n", FILES_MOST, folder->path);
        return false;
    }
    file->name = arena_text(testing->tool->arena, entry->fts_path + strlen(testing->top));
    file->name += strspn(file->name, "/");
    *count += 1;
    return tool_read_file(testing->tool, entry->fts_path, &file->bytes);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    /* Files before folders, so that a folder's files are together. */
    bool is_folder = (*a)->fts_info == FTS_D;
    if (is_folder != ((*b)->fts_info == FTS_D))
        return is_folder ? 1 : -1;
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool run_tree(struct testing *testing)
{
    char *paths[] = {(char *)testing->top, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    struct folder *folder = arena_one(testing->tool->arena, struct folder);
    bool is_fine = tree != NULL;
    for (FTSENT *entry; is_fine && (entry = fts_read(tree)) != NULL;) {
        if (entry->fts_info == FTS_D || entry->fts_info == FTS_DP) {
            run_folder(testing, folder);
            *folder = (struct folder){.path = entry->fts_path};
        } else if (entry->fts_info == FTS_F) {
            is_fine = take_file(testing, folder, entry);
        } else if (entry->fts_errno != 0) {
            fprintf(stderr, "dianji: %s: %s\n", entry->fts_path, strerror(entry->fts_errno));
            is_fine = false;
        }
    }
    if (tree != NULL)
        fts_close(tree);
    return is_fine;
}

int command_dmn_test(struct tool *tool)
{
    if (tool->word_count != 1) {
        fputs("usage: dianji dmn-test DIR --json\n", stderr);
        return 2;
    }
    struct testing testing = {
        .tool = tool, .top = tool->words[0], .failed = buffer_new(tool->arena, 4096)};
    if (!run_tree(&testing))
        return 1;
    printf("{\"tests\":%zu,\"passed\":%zu,\"failed\":[%s]}\n", testing.tests, testing.passed,
           testing.failed.bytes);
    return 0;
}
