/* scope.c: names and facts at a place in a function. */
#include "check/checker.h"

static Binding *binding_at(const Scope *s, int place, Name name) {
    bool there = place < s->bindings.count && s->bindings.data[place].name == name;
    return there ? &s->bindings.data[place] : NULL;
}

/* Mostly it is where it was bound last. */
Binding *scope_find(Scope *s, Name name) {
    int known = names_place(&s->bound, name);
    Binding *binding = known < 0 ? NULL : binding_at(s, s->places.data[known], name);
    for (int i = 0; known >= 0 && !binding && i < s->bindings.count; i++) {
        binding = binding_at(s, i, name);
        s->places.data[known] = binding ? i : s->places.data[known];
    }
    return binding;
}

static void note_place(Scope *s, Name name, int place) {
    int known = names_place(&s->bound, name);
    if (known >= 0) {
        s->places.data[known] = place;
        return;
    }
    names_add(&s->bound, name);
    VEC_PUSH(s->checker->arena, s->places, place);
}

void scope_bind(Scope *s, Name name, Variable *variable) {
    Binding *binding = scope_find(s, name);
    if (binding) {
        binding->variable = variable;
        return;
    }
    Binding fresh = {name, variable};
    note_place(s, name, s->bindings.count);
    VEC_PUSH(s->checker->arena, s->bindings, fresh);
}

Variable *variable_new(Scope *s, Name name, const Type *type, Size size, Span span) {
    static uint32_t next;
    Variable *variable = ARENA_NEW(s->checker->arena, Variable);
    *variable = (Variable){.name = name, .type = type, .size = size, .span = span, .id = next++};
    if (type_has_parts(type))
        variable->items = ARENA_ARRAY(s->checker->arena, Size, type->count + 1);
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        if (type_is_int(type->items[i]))
            variable->items[i] = size_fresh(name ? name : "item");
    if (!size && type->kind == TYPE_SCALAR && type->dtype == DTYPE_I64)
        variable->size = size_fresh(name ? name : "value");
    return variable;
}

TStmt *stmt_new(Scope *s, TStmtKind kind, Span span) {
    TStmt *stmt = ARENA_NEW(s->checker->arena, TStmt);
    stmt->kind = kind;
    stmt->span = span;
    if (s->block->last)
        s->block->last->next = stmt;
    else
        s->block->first = stmt;
    s->block->last = stmt;
    return stmt;
}

static Facts *assume_comparison(Scope *s, Facts *facts, Op op, Size a, Size b, const char *why,
                                Span span) {
    Arena *arena = s->checker->arena;
    switch ((int)op) {
    case OP_EQ: return facts_eq(arena, facts, a, b, why, span);
    case OP_NE: return facts_add(arena, facts, FACT_NE, size_sub(a, b), why, span);
    case OP_LT: return facts_lt(arena, facts, a, b, why, span);
    case OP_LE: return facts_ge(arena, facts, b, a, why, span);
    case OP_GT: return facts_lt(arena, facts, b, a, why, span);
    case OP_GE: return facts_ge(arena, facts, a, b, why, span);
    default: return facts;
    }
}

static Op negated(Op op) {
    switch ((int)op) {
    case OP_EQ: return OP_NE;
    case OP_NE: return OP_EQ;
    case OP_LT: return OP_GE;
    case OP_LE: return OP_GT;
    case OP_GT: return OP_LE;
    case OP_GE: return OP_LT;
    default: return op;
    }
}

Facts *assume(Scope *s, Facts *facts, const TExpr *test, bool truth, const char *why) {
    if ((test->kind == TEXPR_AND && truth) || (test->kind == TEXPR_OR && !truth)) {
        facts = assume(s, facts, test->as.logic.left, truth, why);
        return assume(s, facts, test->as.logic.right, truth, why);
    }
    if ((test->kind == TEXPR_CAST || test->kind == TEXPR_ONCE) && test->type->dtype == DTYPE_BOOL)
        return assume(s, facts, test->as.cast.value, truth, why);
    if (test->kind != TEXPR_OP)
        return facts;
    if (test->as.op.op == OP_NOT)
        return assume(s, facts, test->as.op.operands[0], !truth, why);
    const TExpr *a = test->as.op.operands[0], *b = test->as.op.operands[1];
    if (test->as.op.op == (truth ? OP_LOGICAL_AND : OP_LOGICAL_OR))
        return assume(s, assume(s, facts, a, truth, why), b, truth, why);
    if (op_info(test->as.op.op)->rule != RULE_COMPARE || !a->size || !b->size)
        return facts;
    Op op = truth ? test->as.op.op : negated(test->as.op.op);
    return assume_comparison(s, facts, op, a->size, b->size, why, test->span);
}

/* "from the guard at line 7 and the loop at line 9" */
static const char *proof_words(Scope *s) {
    const Proof *proof = prove_last();
    Text text = {0};
    for (int i = 0; i < proof->count; i++) {
        int line, column;
        source_place(proof->used[i]->span, &line, &column);
        text_printf(&text, "%s%s", i == 0 ? "from " : ", ", proof->used[i]->why);
        if (line)
            text_printf(&text, " (line %d)", line);
    }
    const char *words = arena_strndup(s->checker->arena, text.data ? text.data : "", text.length);
    text_free(&text);
    return words;
}

static const char *goal_words(Arena *arena, FactKind kind, Size size) {
    static const char *const relations[] = {" >= 0", " == 0", " != 0"};
    if (kind == FACT_EQ)
        return size_print_equation(arena, size);
    return arena_printf(arena, "%s%s", size_print(arena, size), relations[kind]);
}

typedef struct {
    const SizeNames *sizes;
    bool all, any;
} Promise;

static void look_up_promise(Atom *atom, void *user) {
    Promise *promise = user;
    const SizeNames *sizes = promise->sizes;
    bool found = false;
    for (int i = 0; i < sizes->all.count && !found; i++)
        found = sizes->all.data[i].atom == atom && sizes->all.data[i].spelled;
    promise->all &= found;
    promise->any = true;
}

/* Between sizes that the signature names, which are equal only where a fact says so. */
static bool is_promised(const Scope *s, Size size) {
    Promise promise = {s->sizes, true, false};
    if (!s->sizes)
        return false;
    size_variables(size, look_up_promise, &promise);
    return promise.all && promise.any;
}

typedef struct {
    Arena *arena;
    VEC(Atom *) all;
    bool plain;              /* they are told apart by names that a program may have */
} Variables;

static void add_variable(Atom *atom, void *user) {
    Variables *variables = user;
    for (int i = 0; i < variables->all.count; i++)
        if (variables->all.data[i] == atom)
            return;
    VEC_PUSH(variables->arena, variables->all, atom);
    variables->plain &= !strpbrk(atom->name, "(. ");
}

/* The size with names that differ for what differs: a callee's sizes, or two results, may have one name. */
static Size told_apart(Arena *arena, Size size, bool *plain) {
    Variables variables = {.arena = arena, .plain = true};
    size_variables(size, add_variable, &variables);
    for (int i = 0; i < variables.all.count; i++) {
        Atom *atom = variables.all.data[i];
        const char *other = atom_other_name(arena, atom, variables.all.data, variables.all.count);
        variables.plain &= !strcmp(other, atom->name);
        if (strcmp(other, atom->name))
            size = size_substitute(size, atom, size_atom(atom_var(other)));
    }
    *plain = variables.plain;
    return size;
}

/* `sides`: the two sizes of an equation, or NULL. */
static void refuse(Scope *s, FactKind kind, Size size, const Size *sides, bool refuted, const char *what, Span span) {
    Arena *arena = s->checker->arena;
    bool plain;
    const char *words = goal_words(arena, kind, told_apart(arena, size, &plain));
    Diag *diag = NULL;
    int64_t constant;
    if (kind != FACT_EQ)
        diag = diag_error(span, refuted ? DIAG_SHAPE_MISMATCH : DIAG_CHECK_UNPROVED,
                          refuted ? "this wants %s, but %s never holds" : "this wants %s, but %s is not proved", what, words);
    else if (refuted && sides && size_is_const(size, &constant))
        diag = diag_error(span, DIAG_SHAPE_MISMATCH, "%s do not fit: %s and %s", what, size_print(arena, sides[0]),
                          size_print(arena, sides[1]));
    else if (refuted)
        diag = diag_error(span, DIAG_SHAPE_MISMATCH, "%s do not fit: %s never holds", what, words);
    else
        diag = diag_error(span, DIAG_CHECK_UNPROVED, "%s are not proved to fit: %s", what, words);
    const char *example = prove_example_words(arena, s->facts, kind, size);
    if (*example && kind == FACT_EQ && !refuted && !plain)
        diag_help(diag, "%s; an assert that compares the lengths of the arrays settles it", example);
    else if (*example && kind == FACT_EQ && !refuted)
        diag_help(diag, "%s; where it holds, 'assert %s' says so, or the same name in both annotations", example,
                  words);
    else if (*example)
        diag_help(diag, "%s", example);
}

bool surely_fails(Scope *s, Verdict verdict) {
    return verdict == REFUTED && !facts_contradict(s->facts, NULL);
}

/* Where the facts contradict each other nothing is reached, and all of it holds. */
static Verdict verdict_of(Scope *s, FactKind kind, Size size) {
    Size zero = size_const(0);
    Verdict verdict = kind == FACT_GE   ? prove_ge(s->facts, size, zero)
                      : kind == FACT_EQ ? prove_eq(s->facts, size, zero)
                                        : prove_ne(s->facts, size, zero);
    return verdict == REFUTED && !surely_fails(s, verdict) ? PROVED : verdict;
}

static TCheck *require_goal(Scope *s, FactKind kind, Size size, const Size *sides, const char *failure, const char *what,
                            Span span) {
    Checker *c = s->checker;
    Verdict verdict = verdict_of(s, kind, size);
    const char *from = verdict == UNDECIDED ? "" : proof_words(s);
    VerdictLine line = {span, what, verdict == PROVED    ? "proved"
                                    : verdict == REFUTED ? "refuted"
                                                         : "checked in place", from};
    VEC_PUSH(c->arena, c->verdicts, line);
    bool open = verdict == UNDECIDED && (c->options->strict_shapes || (kind == FACT_EQ && is_promised(s, size)));
    if (verdict == REFUTED || open)
        refuse(s, kind, size, sides, verdict == REFUTED, what, span);
    TCheck *check = ARENA_NEW(c->arena, TCheck);
    *check = (TCheck){.kind = kind, .size = size, .verdict = verdict, .failure = failure,
                      .what = what, .span = span};
    if (verdict == UNDECIDED && s->checks) {
        TCheck **link = s->checks;
        while (*link)
            link = &(*link)->next;
        *link = check;
        s->facts = facts_add(c->arena, s->facts, kind, size, "an earlier check", span);
    }
    return check;
}

TCheck *require(Scope *s, FactKind kind, Size size, const char *failure, const char *what, Span span) {
    return require_goal(s, kind, size, NULL, failure, what, span);
}

TCheck *require_equal(Scope *s, Size a, Size b, const char *failure, const char *what, Span span) {
    Size sides[] = {a, b};
    TCheck *check = require_goal(s, FACT_EQ, size_sub(a, b), sides, failure, what, span);
    check->values[0] = a;
    check->values[1] = b;
    return check;
}

void require_not_negative(Scope *s, Size size, const char *what, Span span) {
    TCheck *check = require(s, FACT_GE, size, "NEGATIVE_SIZE", what, span);
    check->values[0] = size;
}
