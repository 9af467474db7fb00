/* dtype.c: dtypes as values: they are known when compiling, and never stored. */
#include "check/call.h"

#include <float.h>
#include <math.h>

/* ---- what names a dtype -------------------------------------------------------------------- */

TExpr *dtype_new(Scope *s, DType dtype, bool instance, Span span) {
    Type *type = (Type *)type_simple(s->checker, TYPE_DTYPE);
    type->dtype = dtype;
    type->weak = instance;
    return texpr_new(s, TEXPR_NONE, span, type);
}

static bool python_type(Scope *s, const Ast *node, DType *dtype) {
    static const struct {
        const char *name;
        DType dtype;
    } types[] = {{"bool", DTYPE_BOOL}, {"int", DTYPE_I64}, {"float", DTYPE_F64}, {"complex", DTYPE_C128}};
    if (node->kind != AST_NAME || scope_find(s, node->as.name.id))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(node->as.name.id, types[i].name)) {
            *dtype = types[i].dtype;
            return true;
        }
    return false;
}

static bool is_half(const char *text) {
    return !strcmp(text, "float16") || !strcmp(text, "half") || !strcmp(text, "f2") || !strcmp(text, "e") ||
           !strcmp(text, "<f2");
}

static bool dtype_of_text(const Ast *node, DType *dtype) {
    const char *text = node->as.string.data;
    if (dtype_by_text(text, dtype))
        return true;
    if (is_half(text))
        diag_unsupported(node->span, "float16", "float32");
    else if (text[0] == '>' && dtype_by_text(text + 1, dtype))
        diag_unsupported(node->span, "the byte order of other machines", "the dtype without '>'");
    else if (strchr("OSUVMm", text[text[0] == '<' || text[0] == '>' || text[0] == '|']) || strchr(text, ',') ||
             !strcmp(text, "object") || !strcmp(text, "str"))
        diag_unsupported(node->span, "a dtype of other things than numbers", "a dtype of numbers, or a list");
    else
        diag_help(diag_error(node->span, DIAG_TYPE_MISMATCH, "'%s' names no dtype", text), "as 'f8', 'i4', 'bool' and "
                  "'complex128' do");
    return false;
}

bool dtype_of_node(Scope *s, const Ast *node, DType *dtype) {
    if (python_type(s, node, dtype))
        return true;
    if (node->kind == AST_STRING)
        return dtype_of_text(node, dtype);
    TExpr *value = check_expr(s, node);
    if (value->type->kind != TYPE_DTYPE || value->type->info) {
        if (!is_poison(value))
            diag_help(diag_error(node->span, DIAG_TYPE_MISMATCH, "this names no dtype"), "as np.float64, float, 'f8' and "
                      "x.dtype do, where they stand");
        return false;
    }
    *dtype = value->type->dtype;
    return true;
}

/* ---- attributes ---------------------------------------------------------------------------- */

static TExpr *string_of(Scope *s, const char *text, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_STRING, span, type_simple(s->checker, TYPE_STRING));
    expr->as.string.data = text;
    expr->as.string.length = strlen(text);
    return expr;
}

static TExpr *unknown_attribute(Scope *s, const char *what, Name name, Span span) {
    diag_unsupported(span, arena_printf(s->checker->arena, "the attribute '%s' of %s", name, what), "the value that it has");
    return texpr_poison(s, span);
}

static TExpr *strong_float(Scope *s, DType dtype, double value, Span span) {
    TExpr *expr = texpr_new(s, TEXPR_CONST, span, type_scalar(s->checker, dtype, false));
    expr->as.constant.f = value;
    return expr;
}

static TExpr *iinfo_attribute(Scope *s, DType dtype, Name name, Span span) {
    const DTypeInfo *info = dtype_info(dtype);
    int bits = 8 * info->bytes;
    bool is_signed = info->class == CLASS_INT;
    if (!strcmp(name, "bits"))
        return texpr_int(s, bits, span);
    if (!strcmp(name, "min"))
        return texpr_int(s, is_signed ? (int64_t)(UINT64_MAX << (bits - 1)) : 0, span);
    if (!strcmp(name, "max") && dtype == DTYPE_U64) {
        diag_unsupported(span, "an int beyond 64 bits", "np.uint64(2**63 - 1) * 2 + 1");
        return texpr_poison(s, span);
    }
    if (!strcmp(name, "max"))
        return texpr_int(s, (int64_t)(UINT64_MAX >> (64 - bits + is_signed)), span);
    if (!strcmp(name, "dtype"))
        return dtype_new(s, dtype, true, span);
    return unknown_attribute(s, "np.iinfo", name, span);
}

static TExpr *finfo_attribute(Scope *s, DType dtype, Name name, Span span) {
    DType real = dtype_real(dtype);
    bool narrow = real == DTYPE_F32;
    const struct {
        const char *name;
        double narrow, wide;
    } floats[] = {{"eps", (double)FLT_EPSILON, DBL_EPSILON}, {"epsneg", (double)FLT_EPSILON / 2, DBL_EPSILON / 2},
                  {"max", (double)FLT_MAX, DBL_MAX}, {"min", -(double)FLT_MAX, -DBL_MAX},
                  {"tiny", (double)FLT_MIN, DBL_MIN}, {"smallest_normal", (double)FLT_MIN, DBL_MIN},
                  {"smallest_subnormal", ldexp(1, -149), ldexp(1, -1074)}, {"resolution", (double)1e-6f, 1e-15}};
    const struct {
        const char *name;
        int narrow, wide;
    } ints[] = {{"bits", 32, 64}, {"precision", 6, 15}, {"nmant", 23, 52}, {"machep", -23, -52}, {"negep", -24, -53},
                {"minexp", -126, -1022}, {"maxexp", 128, 1024}, {"nexp", 8, 11}, {"iexp", 8, 11}};
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (!strcmp(name, floats[i].name))
            return strong_float(s, real, narrow ? floats[i].narrow : floats[i].wide, span);
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
        if (!strcmp(name, ints[i].name))
            return texpr_int(s, narrow ? ints[i].narrow : ints[i].wide, span);
    if (!strcmp(name, "dtype"))
        return dtype_new(s, real, true, span);
    return unknown_attribute(s, "np.finfo", name, span);
}

/* NumPy's letters: of the kind, and of the type. */
static const char *kind_letter(DType dtype) {
    static const char *const letters[] = {"b", "i", "u", "f", "c"};
    return letters[dtype_info(dtype)->class];
}

static const char *type_letter(DType dtype) {
    static const char letters[][2] = {"?", "b", "h", "i", "l", "B", "H", "I", "L", "f", "d", "F", "D"};
    return letters[dtype];
}

TExpr *dtype_attribute(Scope *s, TExpr *value, Name name, Span span) {
    DType dtype = value->type->dtype;
    const char *info = value->type->info;
    if (info)
        return (!strcmp(info, "iinfo") ? iinfo_attribute : finfo_attribute)(s, dtype, name, span);
    if (value->type->weak && !strcmp(name, "name"))
        return string_of(s, dtype_info(dtype)->numpy, span);
    if (value->type->weak && !strcmp(name, "itemsize"))
        return texpr_int(s, dtype_info(dtype)->bytes, span);
    if (value->type->weak && !strcmp(name, "kind"))
        return string_of(s, kind_letter(dtype), span);
    if (value->type->weak && !strcmp(name, "char"))
        return string_of(s, type_letter(dtype), span);
    if (value->type->weak && !strcmp(name, "type"))
        return dtype_new(s, dtype, false, span);
    if (!value->type->weak && !strcmp(name, "__name__"))
        return string_of(s, dtype_info(dtype)->numpy, span);
    return unknown_attribute(s, "a dtype", name, span);
}

TExpr *dtype_text(Scope *s, TExpr *value, bool repr) {
    Arena *arena = s->checker->arena;
    const char *name = dtype_info(value->type->dtype)->numpy;
    if (value->type->info) {
        diag_unsupported(value->span, "printing this value", "its parts");
        return texpr_poison(s, value->span);
    }
    if (!value->type->weak)
        return string_of(s, arena_printf(arena, "<class 'numpy.%s'>", name), value->span);
    return string_of(s, repr ? arena_printf(arena, "dtype('%s')", name) : name, value->span);
}

TExpr *compare_dtypes(Scope *s, AstOp op, TExpr *left, TExpr *right, Span span) {
    DType a = left->type->dtype, b = right->type->dtype;
    bool known = !left->type->info && !right->type->info && (op == AST_OP_EQ || op == AST_OP_NE);
    if (left->kind == TEXPR_STRING)
        known &= dtype_by_text(left->as.string.data, &a);
    if (right->kind == TEXPR_STRING)
        known &= dtype_by_text(right->as.string.data, &b);
    bool types = left->type->kind == TYPE_DTYPE || right->type->kind == TYPE_DTYPE;
    bool fits = (left->type->kind == TYPE_DTYPE || left->kind == TEXPR_STRING) &&
                (right->type->kind == TYPE_DTYPE || right->kind == TEXPR_STRING);
    if (!known || !types || !fits) {
        diag_unsupported(span, "this comparison of dtypes", "'==' with a dtype or its name");
        return texpr_poison(s, span);
    }
    return texpr_bool(s, (a == b) == (op == AST_OP_EQ), span);
}

/* ---- functions of dtypes ------------------------------------------------------------------- */

static TExpr *info_new(Call *call, const char *name) {
    DType dtype;
    bool ints = !strcmp(name, "iinfo");
    TExpr *value = NULL;
    const Ast *node = call->asts[0];
    DType given;
    bool is_type = node && (node->kind == AST_STRING || python_type(call->scope, node, &given));
    if (node && !is_type)
        value = check_expr(call->scope, node);
    if (!node || (value && is_poison(value)))
        return node ? value : call_argument(call, 0);
    if (value && type_is_number(value->type))
        dtype = value->type->dtype;
    else if (!dtype_of_node(call->scope, node, &dtype))
        return call_poison(call);
    if (ints ? !dtype_is_integer(dtype) : !dtype_is_float(dtype_real(dtype))) {
        diag_error(call->node->span, DIAG_TYPE_MISMATCH, "np.%s takes %s, not %s", name, ints ? "integers" : "floats",
                   dtype_info(dtype)->numpy);
        return call_poison(call);
    }
    TExpr *info = dtype_new(call->scope, dtype, true, call->node->span);
    ((Type *)info->type)->info = name;
    return info;
}

/* The dtype of an argument of result_type or can_cast: of a dtype, or of a number. `weak`: Python's number. */
static bool dtype_of_argument(Scope *s, const Ast *node, DType *dtype, bool *weak) {
    DType python;
    *weak = false;
    if (node->kind == AST_STRING || python_type(s, node, &python))
        return dtype_of_node(s, node, dtype);
    TExpr *value = check_expr(s, node);
    if (is_poison(value))
        return false;
    if (value->type->kind != TYPE_DTYPE && !type_is_number(value->type)) {
        diag_help(diag_error(node->span, DIAG_TYPE_MISMATCH, "this names no dtype"), "as np.float64, float, 'f8' and "
                      "x.dtype do, where they stand");
        return false;
    }
    *weak = value->type->kind == TYPE_SCALAR && value->type->weak;
    *dtype = value->type->dtype;
    return true;
}

static TExpr *result_type(Call *call) {
    Scope *s = call->scope;
    DType strong = DTYPE_BOOL, dtype;
    DTypeClass most = CLASS_BOOL;
    bool any_strong = false, any_weak = false, weak;
    for (const Ast *arg = call->node->as.call.arguments; arg; arg = arg->next) {
        if (!dtype_of_argument(s, arg, &dtype, &weak))
            return call_poison(call);
        DTypeClass class = dtype_info(dtype)->class;
        if (weak)
            most = class > most ? class : most;
        else
            strong = any_strong ? dtype_promote(strong, dtype) : dtype;
        any_weak |= weak;
        any_strong |= !weak;
    }
    if (!any_strong && !any_weak) {
        diag_error(call->node->span, DIAG_BAD_CALL, "result_type takes arrays, numbers or dtypes");
        return call_poison(call);
    }
    if (any_weak)
        strong = dtype_promote_weak(any_strong ? strong : DTYPE_BOOL, most);
    return dtype_new(s, strong, true, call->node->span);
}

static TExpr *promote_types(Call *call) {
    DType a, b;
    for (int k = 0; k < 2; k++)
        if (!call->asts[k])
            return call_argument(call, k);
    if (!dtype_of_node(call->scope, call->asts[0], &a) || !dtype_of_node(call->scope, call->asts[1], &b))
        return call_poison(call);
    return dtype_new(call->scope, dtype_promote(a, b), true, call->node->span);
}

static TExpr *can_cast(Call *call) {
    Scope *s = call->scope;
    DType from, to;
    const char *casting = "safe";
    bool weak;
    for (int k = 0; k < 2; k++)
        if (!call->asts[k])
            return call_argument(call, k);
    if (!dtype_of_argument(s, call->asts[0], &from, &weak) || !dtype_of_node(s, call->asts[1], &to))
        return call_poison(call);
    if (weak) {
        diag_error(call->asts[0]->span, DIAG_TYPE_MISMATCH, "can_cast does not take Python's numbers");
        return call_poison(call);
    }
    if (call->asts[2]) {
        TExpr *how = call_argument(call, 2);
        if (how->kind != TEXPR_STRING)
            return call_wrong(call, how, "a constant casting");
        casting = how->as.string.data;
    }
    static const char *const known[] = {"no", "equiv", "safe", "same_kind", "unsafe"};
    for (int i = 0; i < 5; i++)
        if (!strcmp(casting, known[i]))
            return texpr_bool(s, i < 2 ? from == to : i == 4 || dtype_can_cast(from, to, i == 2 ? 's' : 'k'),
                              call->node->span);
    diag_error(call->node->span, DIAG_BAD_CALL, "casting is 'no', 'equiv', 'safe', 'same_kind' or 'unsafe'");
    return call_poison(call);
}

/* The classes of NumPy's hierarchy above the scalar types, as a set of our classes. */
static unsigned abstract_classes(const Ast *node) {
    enum { B = 1 << CLASS_BOOL, I = 1 << CLASS_INT, U = 1 << CLASS_UINT, F = 1 << CLASS_FLOAT, C = 1 << CLASS_COMPLEX };
    static const struct {
        const char *name;
        unsigned classes;
    } known[] = {{"generic", B | I | U | F | C}, {"number", I | U | F | C}, {"integer", I | U}, {"signedinteger", I},
                 {"unsignedinteger", U}, {"inexact", F | C}, {"floating", F}, {"complexfloating", C}};
    for (size_t i = 0; i < sizeof known / sizeof *known && node->kind == AST_ATTRIBUTE; i++)
        if (!strcmp(node->as.attribute.name, known[i].name))
            return known[i].classes;
    return 0;
}

static TExpr *issubdtype(Call *call) {
    Scope *s = call->scope;
    DType dtype, other;
    for (int k = 0; k < 2; k++)
        if (!call->asts[k])
            return call_argument(call, k);
    unsigned classes = abstract_classes(call->asts[1]);
    if (!dtype_of_node(s, call->asts[0], &dtype) || (!classes && !dtype_of_node(s, call->asts[1], &other)))
        return call_poison(call);
    bool is = classes ? classes >> dtype_info(dtype)->class & 1 : dtype == other;
    return texpr_bool(s, is, call->node->span);
}

TExpr *check_dtype_function(Call *call) {
    const char *name = call->info->name;
    DType dtype;
    if (!strcmp(name, "result_type"))
        return result_type(call);
    if (!strcmp(name, "promote_types"))
        return promote_types(call);
    if (!strcmp(name, "can_cast"))
        return can_cast(call);
    if (!strcmp(name, "issubdtype"))
        return issubdtype(call);
    if (!strcmp(name, "iinfo") || !strcmp(name, "finfo"))
        return info_new(call, name);
    if (!call->asts[0])
        return call_argument(call, 0);
    if (!dtype_of_node(call->scope, call->asts[0], &dtype))
        return call_poison(call);
    return dtype_new(call->scope, dtype, true, call->node->span);
}
