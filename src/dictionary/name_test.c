/* Names: one form of each that is stored, and what no name is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "dictionary/numbers.h"

static struct arena *arena; /* allowed: of this test program */

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static enum name_check read(const char *text, const char **ret, uint32_t *ret_character)
{
    return name_read(arena, text_clean(arena, text), ret, ret_character);
}

static void names_have_one_form(void **state)
{
    (void)state;
    const char *const cases[][2] = {
        {"张三", "张三"},
        {"张　三", "张三"},
        {" 张 三 ", "张三"},
        {"欧阳明", "欧阳明"},
        {"阿依古丽·买买提", "阿依古丽·买买提"},
        {"阿依古丽•买买提", "阿依古丽·买买提"},
        {"阿依古丽・买买提", "阿依古丽·买买提"},
        {"阿依古丽．买买提", "阿依古丽·买买提"},
        {"阿依古丽.买买提", "阿依古丽·买买提"},
        {"阿依古丽 ‧ 买买提", "阿依古丽·买买提"},
        {"阿依古丽﹒买买提", "阿依古丽·买买提"},
        {"阿依古丽⸱买买提", "阿依古丽·买买提"},
        {"阿依古丽ㆍ买买提", "阿依古丽·买买提"},
        {"欧\xe2\x81\x9f阳\xe3\x80\x80明", "欧阳明"}, /* U+205F, U+3000 */
        {"葛\xf3\xa0\x84\x81明", "葛明"},             /* U+E0101 chooses a glyph of 葛 */
        {"葛\xef\xb8\x80明", "葛明"},                 /* U+FE00 */
        {"张\xe2\x81\xa6三\xe2\x81\xa9", "张三"},     /* U+2066 … U+2069 */
        {"张\xc2\xad三\xcd\x8f", "张三"},             /* U+00AD, U+034F */
        {"\xef\xa4\x81明", "更明"},                   /* U+F901, 更 twice */
        {"\xef\xa8\x8e明", "\xef\xa8\x8e明"},         /* U+FA0E stands there alone */
        {"\xf0\xaf\xa0\x80明", "丽明"},               /* U+2F800 */
        {"𠮷野", "𠮷野"},                             /* beyond the common plane */
        {"王\xf0\xb1\x8d\x90", "王\xf0\xb1\x8d\x90"}, /* extension G */
        {"刘〇", "刘〇"},
        {"⽅⽴", "方立"},                         /* radicals, as PDF files have them */
        {"王\xee\xa1\xa3", "王䶮"},               /* U+E863, GBK's private zone */
        {"王\xee\xa0\x96", "王\xf0\xa0\x82\x87"}, /* U+E816 → U+20087 */
        {"john smith", "JOHN SMITH"},
        {"Smith,  John", "SMITH JOHN"},
        {"o'neill-brown jr.", "O'NEILL-BROWN JR."},
        {"ＪＯＨＮ　Ｓｍｉｔｈ", "JOHN SMITH"},
        {"josé", "JOSÉ"},
        {"林林", "林林"},
        {"王", "王"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = "";
        uint32_t character;
        if (read(cases[i][0], &name, &character) != NAME_OK)
            fail_msg("'%s' was refused for U+%04X", cases[i][0], (unsigned)character);
        assert_string_equal(name, cases[i][1]);
        const char *again = "";
        assert_int_equal(read(name, &again, &character), NAME_OK);
        assert_string_equal(again, name);
    }
}

static void what_is_no_name_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum name_check reason;
        uint32_t character; /* 0: not looked at */
    } cases[] = {
        {"测试", NAME_PLACEHOLDER, 0},
        {"测试01", NAME_PLACEHOLDER, 0},
        {"测 试 人 员", NAME_PLACEHOLDER, 0},
        {"无", NAME_PLACEHOLDER, 0},
        {"暂无", NAME_PLACEHOLDER, 0},
        {"张某", NAME_PLACEHOLDER, 0},
        {"李某某", NAME_PLACEHOLDER, 0},
        {"姓名", NAME_PLACEHOLDER, 0},
        {"学员1", NAME_PLACEHOLDER, 0},
        {"合计", NAME_PLACEHOLDER, 0},
        {"test", NAME_PLACEHOLDER, 0},
        {"Test", NAME_PLACEHOLDER, 0},
        {"t e s t", NAME_PLACEHOLDER, 0},
        {"NULL", NAME_PLACEHOLDER, 0},
        {"n/a", NAME_PLACEHOLDER, 0},
        {"aaa", NAME_PLACEHOLDER, 0},
        {"xx", NAME_PLACEHOLDER, 0},
        {"-", NAME_PLACEHOLDER, 0},
        {"张*", NAME_MASKED, '*'},
        {"张三1", NAME_DIGIT, '1'},
        {"13987654321", NAME_DIGIT, '1'},
        {"张三２", NAME_DIGIT, '2'},
        {"张三😀", NAME_CHARACTER, 0x1f600},
        {"张三(班长)", NAME_CHARACTER, '('},
        {"张三、李四", NAME_CHARACTER, 0x3001},
        {"张三/李四", NAME_CHARACTER, '/'},
        {"张@三", NAME_CHARACTER, '@'},
        {"张-三", NAME_CHARACTER, '-'},
        {"·张三", NAME_CHARACTER, 0xb7},
        {"张三·", NAME_CHARACTER, 0xb7},
        {"阿里··买买提", NAME_CHARACTER, 0xb7},
        {"たなか", NAME_CHARACTER, 0x305f},
        {"张\xef\xbf\xbd", NAME_PRIVATE_USE, 0xfffd},
        {"张\xee\x80\x80", NAME_PRIVATE_USE, 0xe000},
        {"张\xf3\xb0\x80\x80", NAME_PRIVATE_USE, 0xf0000},
        {"张三a", NAME_MIXED, 'A'},
        {"Li明", NAME_MIXED, 'L'},
        {"'", NAME_CHARACTER, 0},
        {"..", NAME_CHARACTER, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name;
        uint32_t character;
        enum name_check check = read(cases[i].text, &name, &character);
        if (check != cases[i].reason)
            fail_msg("'%s' gave %d instead of %d", cases[i].text, check, cases[i].reason);
        if (cases[i].character != 0 && character != cases[i].character)
            fail_msg("'%s': the offender is U+%04X", cases[i].text, (unsigned)character);
    }
}

/* Whatever code point comes: a name that is taken is taken in the same form again. */
static void every_code_point_is_taken_once_and_for_all(void **state)
{
    (void)state;
    for (uint32_t point = 0x20; point < 0x110000; point += point < 0x3000 ? 1 : 37) {
        if (point >= 0xd800 && point <= 0xdfff)
            continue;
        struct arena_mark mark = arena_mark(arena);
        char bytes[5] = "";
        size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        for (size_t i = length; i-- > 1;)
            bytes[i] = (char)(0x80 | (point >> 6 * (length - 1 - i) & 0x3f));
        static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        bytes[0] = (char)(lead[length] | point >> 6 * (length - 1));
        const char *name, *again, *text = arena_printf(arena, "王%s王", bytes);
        uint32_t character;
        if (read(text, &name, &character) == NAME_OK) {
            assert_int_equal(read(name, &again, &character), NAME_OK);
            assert_string_equal(name, again);
        } else {
            assert_int_not_equal(character, 0);
        }
        arena_release(arena, mark);
    }
}

static void every_reason_has_a_code(void **state)
{
    (void)state;
    assert_null(name_check_code(NAME_OK));
    for (int i = NAME_PLACEHOLDER; i <= NAME_CHARACTER; i++)
        assert_non_null(name_check_code((enum name_check)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_one_form),
        cmocka_unit_test(what_is_no_name_is_refused),
        cmocka_unit_test(every_code_point_is_taken_once_and_for_all),
        cmocka_unit_test(every_reason_has_a_code),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
