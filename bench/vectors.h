/* vectors.h: the widest vectors of doubles of this machine under one set of names, for the versions by hand:
 * AVX-512, AVX2 with FMA, or one double. A Mask chooses lanes; it is made of bits, the lowest for the first lane. */
#ifndef VECTORS_H
#define VECTORS_H
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 16")
#define ROLLED _Pragma("GCC unroll 1")

#if defined(__AVX512F__)
#include <immintrin.h>
enum { LANES = 8, REGISTERS = 32 };
typedef __m512d Vec;
typedef __mmask8 Mask;
INLINE Vec splat(double x) { return _mm512_set1_pd(x); }
INLINE Vec load(const double *p) { return _mm512_loadu_pd(p); }
INLINE void store(double *p, Vec x) { _mm512_storeu_pd(p, x); }
INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return _mm512_fmadd_pd(a, b, c); }
INLINE Vec masked_load(Mask m, const double *p) { return _mm512_maskz_loadu_pd(m, p); }
INLINE void masked_store(Mask m, double *p, Vec x) { _mm512_mask_storeu_pd(p, m, x); }
INLINE Vec masked_multiply_add(Mask m, Vec a, Vec b, Vec c) { return _mm512_mask3_fmadd_pd(a, b, c, m); }
INLINE Mask mask_of(uint64_t bits) { return (Mask)bits; }
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
enum { LANES = 4, REGISTERS = 16 };
typedef __m256d Vec;
typedef __m256i Mask;
INLINE Vec splat(double x) { return _mm256_set1_pd(x); }
INLINE Vec load(const double *p) { return _mm256_loadu_pd(p); }
INLINE void store(double *p, Vec x) { _mm256_storeu_pd(p, x); }
INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return _mm256_fmadd_pd(a, b, c); }
INLINE Vec masked_load(Mask m, const double *p) { return _mm256_maskload_pd(p, m); }
INLINE void masked_store(Mask m, double *p, Vec x) { _mm256_maskstore_pd(p, m, x); }
INLINE Vec masked_multiply_add(Mask m, Vec a, Vec b, Vec c) {
    return _mm256_blendv_pd(c, _mm256_fmadd_pd(a, b, c), _mm256_castsi256_pd(m));
}
INLINE Mask mask_of(uint64_t bits) {
    __m256i lane = _mm256_setr_epi64x(1, 2, 4, 8);
    return _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x((int64_t)bits), lane), lane);
}
#else
enum { LANES = 1, REGISTERS = 16 };
typedef double Vec;
typedef int Mask;
INLINE Vec splat(double x) { return x; }
INLINE Vec load(const double *p) { return *p; }
INLINE void store(double *p, Vec x) { *p = x; }
INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return __builtin_fma(a, b, c); }
INLINE Vec masked_load(Mask m, const double *p) { return m ? *p : 0; }
INLINE void masked_store(Mask m, double *p, Vec x) {
    if (m)
        *p = x;
}
INLINE Vec masked_multiply_add(Mask m, Vec a, Vec b, Vec c) { return m ? __builtin_fma(a, b, c) : c; }
INLINE Mask mask_of(uint64_t bits) { return bits & 1; }
#endif

/* Bits from `first` to below `last`. */
INLINE uint64_t bits_between(int64_t first, int64_t last) {
    first = first < 0 ? 0 : first;
    uint64_t below = last <= 0 ? 0 : last > 63 ? ~(uint64_t)0 : ((uint64_t)1 << last) - 1;
    return first > 63 ? 0 : below & (~(uint64_t)0 << first);
}
#endif
