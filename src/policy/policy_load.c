/* Loading a folder: the files in the order of their needs, and the content hash that names the
 * version. */
#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

enum { FILE_BYTES_MAX = 4 * 1024 * 1024 };

/* The files; a table of the folder that is not listed here is a fault. */
static const struct {
    const char *name;
    const char *columns[7]; /* of a CSV file */
} FILES[FILE_COUNT] = {
    [FILE_EDUCATION] = {"education.csv", {"code", "name", "name_en"}},
    [FILE_ETHNIC_GROUPS] = {"ethnic_groups.csv", {"code", "name", "name_en"}},
    [FILE_FACTS] = {"facts.yaml", {NULL}},
    [FILE_LEVELS] = {"levels.csv", {"code", "rank", "name", "name_en", "high_skilled"}},
    [FILE_OCCUPATIONS] = {"occupations.csv", {"code", "name", "name_en", "levels", "source"}},
    [FILE_PARAMETERS] = {"parameters.yaml", {NULL}},
    [FILE_PLAN] = {"plan.yaml", {NULL}},
    [FILE_PROGRAMMES] = {"programmes.yaml", {NULL}},
    [FILE_REGIONS] = {"regions.csv", {"code", "name", "name_en", "level", "parent"}},
    [FILE_REGIONS_HISTORY] = {"regions_history.csv",
                              {"code", "name", "successor", "seen_from", "seen_to", "note"}},
    [FILE_REGION_TAGS] = {"region_tags.csv", {"region", "tag", "clause", "source"}},
    [FILE_SOURCES] = {"sources.yaml", {NULL}},
    [FILE_SUBSIDIES] = {"subsidies.yaml", {NULL}},
    [FILE_WORKDAYS] = {"workdays.csv", {"date", "kind", "name", "name_en"}},
};

const struct policy_node *policy__root(struct policy_loader *loader, enum policy_file file)
{
    loader->file = FILES[file].name;
    return loader->contents[file].root;
}

const struct policy_table *policy__table(struct policy_loader *loader, enum policy_file file)
{
    loader->file = FILES[file].name;
    return &loader->contents[file].table;
}

const char *const *policy__columns(enum policy_file file)
{
    return FILES[file].columns;
}

/* --- reading a file */

static void close_file(void *file)
{
    fclose(file);
}

static bool read_whole(struct policy_loader *loader, FILE *file, struct bytes *ret)
{
    struct stat status;
    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    if (status.st_size > FILE_BYTES_MAX) {
        policy__fault(loader, (struct policy_place){1, 1}, "pack.too_large", NULL);
        return true;
    }
    size_t size = (size_t)status.st_size;
    char *bytes = arena_alloc(loader->arena, size + 1);
    size_t length = fread(bytes, 1, size, file);
    if (!text_valid(bytes, length)) {
        policy__fault(loader, (struct policy_place){1, 1}, "pack.not_utf8", NULL);
        return true;
    }
    *ret = (struct bytes){bytes, length};
    return true;
}

bool policy__read_bytes(struct policy_loader *loader, const char *name, struct bytes *ret)
{
    FILE *file = fopen(arena_printf(loader->arena, "%s/%s", loader->dir, name), "rb");
    bool is_read = false;
    if (file != NULL) {
        arena_defer(loader->arena, close_file, file);
        is_read = read_whole(loader, file, ret);
        arena_close(loader->arena, file);
    }
    if (!is_read)
        policy__fault(loader, (struct policy_place){1, 1}, "pack.no_file", "file", name, NULL);
    return ret->data != NULL;
}

void policy__read_files(struct policy_loader *loader)
{
    for (int i = 0; i < FILE_COUNT; i++) {
        loader->file = FILES[i].name;
        policy__read_bytes(loader, FILES[i].name, &loader->contents[i].bytes);
    }
    policy__read_models(loader);
}

/* --- the folder */

static void close_folder(void *folder)
{
    closedir(folder);
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        if (strcmp(FILES[i].name, name) == 0)
            return true;
    }
    return strcmp(name, "README.md") == 0;
}

/* A table that nobody reads would look as if it counted. Hidden files and folders are left alone.
 */
static bool check_folder(struct policy_loader *loader)
{
    loader->file = ".";
    DIR *folder = opendir(loader->dir);
    if (folder == NULL) {
        policy__fault(loader, (struct policy_place){1, 1}, "pack.no_folder", "folder", loader->dir,
                      NULL);
        return false;
    }
    arena_defer(loader->arena, close_folder, folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const char *name = entry->d_name;
        const char *ending = strrchr(name, '.');
        bool is_table = name[0] != '.' && ending != NULL &&
                        (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0 ||
                         strcmp(ending, ".csv") == 0);
        if (is_table && !is_known(name)) {
            loader->file = arena_text(loader->arena, name);
            policy__fault(loader, (struct policy_place){1, 1}, "pack.unknown_file", "file", name,
                          NULL);
        }
    }
    arena_close(loader->arena, folder);
    return true;
}

/* --- version */

static void free_digest(void *digest)
{
    EVP_MD_CTX_free(digest);
}

static bool add_to_version(struct policy_loader *loader, EVP_MD_CTX *digest, const char *name,
                           struct bytes bytes)
{
    const char *head = arena_printf(loader->arena, "%s %zu\n", name, bytes.length);
    return EVP_DigestUpdate(digest, head, strlen(head)) == 1 &&
           EVP_DigestUpdate(digest, bytes.data, bytes.length) == 1;
}

/* SHA-256 over each file's name, length and bytes, by name; then the models'. */
static const char *version_of(struct policy_loader *loader)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (digest == NULL)
        fault_raise(loader->arena, FAULT_MEMORY);
    arena_defer(loader->arena, free_digest, digest);
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    bool is_hashed = EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;
    for (int i = 0; i < FILE_COUNT && is_hashed; i++)
        is_hashed = add_to_version(loader, digest, FILES[i].name, loader->contents[i].bytes);
    for (size_t i = 0; i < loader->model_count && is_hashed; i++)
        is_hashed = add_to_version(loader, digest, loader->models[i].name, loader->models[i].bytes);
    is_hashed = is_hashed && EVP_DigestFinal_ex(digest, hash, &length) == 1;
    arena_close(loader->arena, digest);
    if (!is_hashed)
        fault_raise(loader->arena, FAULT_MEMORY);
    struct buffer text = buffer_new(loader->arena, EVP_MAX_MD_SIZE * 2 + 1);
    for (unsigned int i = 0; i < length; i++)
        buffer_printf(&text, "%02x", hash[i]);
    return text.bytes;
}

/* --- faults in the order in which a person reads them */

static int compare_faults(const void *a, const void *b)
{
    const struct pack_fault *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    return order != 0 ? order : (x->column > y->column) - (x->column < y->column);
}

/* --- form, then meaning */

static void read_form(struct policy_loader *loader)
{
    for (int i = 0; i < FILE_COUNT; i++) {
        struct policy_content *content = &loader->contents[i];
        loader->file = FILES[i].name;
        if (content->bytes.data == NULL)
            continue; /* its fault is recorded */
        if (FILES[i].columns[0] == NULL)
            content->root = policy__yaml(loader, content->bytes);
        else
            content->table = policy__csv(loader, content->bytes, FILES[i].columns);
    }
}

/* In the order in which they refer to one another. */
static void read_meaning(struct policy_loader *loader)
{
    policy__load_sources(loader);
    policy__load_lists(loader);
    policy__load_facts(loader);
    policy__load_plan(loader);
    policy__load_programmes(loader);
    policy__load_subsidies(loader);
    policy__load_parameters(loader);
    policy__load_regions(loader);
    policy__load_workdays(loader);
    policy__load_decisions(loader);
}

static bool is_every_file_read(const struct policy_loader *loader)
{
    for (int i = 0; i < FILE_COUNT; i++) {
        const struct policy_content *content = &loader->contents[i];
        if (FILES[i].columns[0] == NULL ? content->root == NULL : content->table.rows == NULL)
            return false;
    }
    return true;
}

void policy__begin(struct policy_loader *loader, struct arena *arena, struct pack_faults *faults)
{
    *faults = (struct pack_faults){.items = arena_array(arena, PACK_FAULTS_MAX, struct pack_fault)};
    *loader = (struct policy_loader){.arena = arena, .faults = faults};
    loader->pack = arena_one(arena, struct pack);
    loader->pack->last_day = loader->pack->calendar_last = DAY_NONE;
}

bool policy__understand(struct policy_loader *loader, const struct pack **ret)
{
    struct pack_faults *faults = loader->faults;
    size_t faults_before = faults->count;
    read_form(loader);
    if (is_every_file_read(loader) && faults->count == faults_before)
        read_meaning(loader);
    if (!policy__is_sound(loader)) {
        qsort(faults->items, faults->count, sizeof *faults->items, compare_faults);
        return false;
    }
    loader->pack->version = version_of(loader);
    *ret = loader->pack;
    return true;
}

bool pack_load(struct arena *arena, const char *dir, const struct pack **ret,
               struct pack_faults *ret_faults)
{
    struct policy_loader loader;
    policy__begin(&loader, arena, ret_faults);
    loader.dir = dir;
    if (!check_folder(&loader))
        return false;
    policy__read_files(&loader);
    return policy__understand(&loader, ret);
}
