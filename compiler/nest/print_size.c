/* print_size.c: sizes in the text form, `v + 2*(s // 2) - 1`. Terms and factors are sorted by their text, so that
 * equal sizes over equal names are printed alike, whichever order their atoms were made in. */
#include "nest/text.h"

#include <stdlib.h>

typedef struct {
    char *text;
    int64_t coefficient;
    bool constant;
} PrintedTerm;

/* Names come before what stands in parentheses. */
static int compare(const char *x, const char *y) {
    if ((*x == '(') != (*y == '('))
        return *x == '(' ? 1 : -1;
    return strcmp(x, y);
}

static int by_text(const void *a, const void *b) {
    return compare(*(char *const *)a, *(char *const *)b);
}

/* The constant comes last. */
static int term_order(const void *a, const void *b) {
    const PrintedTerm *x = a, *y = b;
    if (x->constant != y->constant)
        return x->constant ? 1 : -1;
    return compare(x->text, y->text);
}

static char *text_of(Size size, const AtomPrinter *printer) {
    Text text = {0};
    text_size(&text, size, printer);
    return text.data;
}

/* True if the size can be an operand of a product, // or % without parentheses around it. */
static bool is_primary(Size size, bool divisor) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    if (count > 1)
        return false;
    return !count || !divisor ||
           (terms->coefficient >= 0 && terms->atom_count + (terms->coefficient != 1) <= 1);
}

static void print_argument(Text *text, Size size, bool divisor, const AtomPrinter *printer) {
    bool bare = is_primary(size, divisor);
    text_printf(text, "%s", bare ? "" : "(");
    text_size(text, size, printer);
    text_printf(text, "%s", bare ? "" : ")");
}

static void print_extreme(Text *text, const Atom *atom, const AtomPrinter *printer) {
    char **arguments = memory_new((size_t)atom->arg_count, sizeof *arguments);
    for (int i = 0; i < atom->arg_count; i++)
        arguments[i] = text_of(atom->args[i], printer);
    qsort(arguments, (size_t)atom->arg_count, sizeof *arguments, by_text);
    text_printf(text, "%s(", atom->kind == ATOM_MIN ? "min" : "max");
    for (int i = 0; i < atom->arg_count; i++) {
        text_printf(text, "%s%s", i ? ", " : "", arguments[i]);
        free(arguments[i]);
    }
    text_printf(text, ")");
    free(arguments);
}

static void print_factor(Text *text, const Atom *atom, const AtomPrinter *printer) {
    bool raw = atom->kind == ATOM_RAW;
    if (atom->kind == ATOM_VAR) {
        printer->print_atom(text, atom, printer->user);
        return;
    }
    if (atom->kind == ATOM_MIN || atom->kind == ATOM_MAX) {
        print_extreme(text, atom, printer);
        return;
    }
    text_printf(text, "(");
    print_argument(text, atom->args[0], raw, printer);
    text_printf(text, raw ? " %c " : atom->kind == ATOM_MOD ? " %% " : " // ", atom->raw_op);
    print_argument(text, atom->args[1], true, printer);
    text_printf(text, ")");
}

static char *product_text(const SizeTerm *term, const AtomPrinter *printer) {
    char **factors = memory_new((size_t)term->atom_count + 1, sizeof *factors);
    Text text = {0};
    for (int i = 0; i < term->atom_count; i++) {
        Text factor = {0};
        print_factor(&factor, term->atoms[i], printer);
        factors[i] = factor.data;
    }
    qsort(factors, (size_t)term->atom_count, sizeof *factors, by_text);
    text_printf(&text, "%s", "");
    for (int i = 0; i < term->atom_count; i++) {
        text_printf(&text, "%s%s", i ? "*" : "", factors[i]);
        free(factors[i]);
    }
    free(factors);
    return text.data;
}

static void print_term(Text *text, const PrintedTerm *term, bool first) {
    uint64_t magnitude = term->coefficient < 0 ? 0 - (uint64_t)term->coefficient : (uint64_t)term->coefficient;
    text_printf(text, "%s", term->coefficient < 0 ? (first ? "-" : " - ") : first ? "" : " + ");
    if (term->constant)
        text_printf(text, "%llu", (unsigned long long)magnitude);
    else if (magnitude != 1)
        text_printf(text, "%llu*%s", (unsigned long long)magnitude, term->text);
    else
        text_printf(text, "%s", term->text);
}

void text_size(Text *text, Size size, const AtomPrinter *printer) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms), lead = 0;
    PrintedTerm *printed = memory_new((size_t)count + 1, sizeof *printed);
    for (int i = 0; i < count; i++)
        printed[i] = (PrintedTerm){product_text(&terms[i], printer), terms[i].coefficient, !terms[i].atom_count};
    qsort(printed, (size_t)count, sizeof *printed, term_order);
    while (lead < count && (printed[lead].coefficient < 0 || printed[lead].constant))
        lead++;
    if (!count)
        text_printf(text, "0");
    if (lead < count)
        print_term(text, &printed[lead], true);
    for (int i = 0; i < count; i++)
        if (i != lead)
            print_term(text, &printed[i], i == 0 && lead == count);
    for (int i = 0; i < count; i++)
        free(printed[i].text);
    free(printed);
}
