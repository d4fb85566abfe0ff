// Arithmetic on eight lanes.
//
// Swift's own SIMD operators are written lane by lane, and it is left to the optimizer to make vector code of that; in a
// function of more than a few dozen operators it gives up half way. These are clang's vector operators, which are vector
// code from the start, on any target, and are inlined into the Swift that calls them. Nothing here is specific to a CPU,
// and products and sums are never fused, so all targets agree to the bit.
#ifndef DIORAMA_LANES_H
#define DIORAMA_LANES_H

#include <stdint.h>

#pragma clang fp contract(off)

typedef float lanes_float __attribute__((ext_vector_type(8)));
typedef int32_t lanes_int __attribute__((ext_vector_type(8)));
typedef uint32_t lanes_uint __attribute__((ext_vector_type(8)));
typedef float lanes_float4 __attribute__((ext_vector_type(4)));
typedef int32_t lanes_int4 __attribute__((ext_vector_type(4)));
typedef uint32_t lanes_uint4 __attribute__((ext_vector_type(4)));

#define LANES_OP static inline __attribute__((always_inline, const))
// Those that read memory.
#define LANES_LOOK static inline __attribute__((always_inline, pure))

LANES_OP lanes_float lanes_splat(float x) { return (lanes_float)(x); }
LANES_OP lanes_int lanes_splat_int(int32_t x) { return (lanes_int)(x); }
LANES_OP lanes_uint lanes_splat_uint(uint32_t x) { return (lanes_uint)(x); }

LANES_OP lanes_float lanes_add(lanes_float a, lanes_float b) { return a + b; }
LANES_OP lanes_float lanes_subtract(lanes_float a, lanes_float b) { return a - b; }
LANES_OP lanes_float lanes_multiply(lanes_float a, lanes_float b) { return a * b; }
LANES_OP lanes_float lanes_divide(lanes_float a, lanes_float b) { return a / b; }
LANES_OP lanes_float lanes_negate(lanes_float a) { return -a; }

LANES_OP lanes_int lanes_add_int(lanes_int a, lanes_int b) { return (lanes_int)((lanes_uint)a + (lanes_uint)b); }
LANES_OP lanes_int lanes_subtract_int(lanes_int a, lanes_int b) { return (lanes_int)((lanes_uint)a - (lanes_uint)b); }
LANES_OP lanes_int lanes_multiply_int(lanes_int a, lanes_int b) { return (lanes_int)((lanes_uint)a * (lanes_uint)b); }
LANES_OP lanes_int lanes_and_int(lanes_int a, lanes_int b) { return a & b; }
LANES_OP lanes_int lanes_or_int(lanes_int a, lanes_int b) { return a | b; }
LANES_OP lanes_int lanes_xor_int(lanes_int a, lanes_int b) { return a ^ b; }
LANES_OP lanes_int lanes_not_int(lanes_int a) { return ~a; }
LANES_OP lanes_int lanes_shift_right_int(lanes_int a, int32_t n) { return a >> n; }
LANES_OP lanes_int lanes_shift_left_int(lanes_int a, int32_t n) { return (lanes_int)((lanes_uint)a << n); }

LANES_OP lanes_uint lanes_and_uint(lanes_uint a, lanes_uint b) { return a & b; }
LANES_OP lanes_uint lanes_add_uint(lanes_uint a, lanes_uint b) { return a + b; }
LANES_OP lanes_uint lanes_xor_uint(lanes_uint a, lanes_uint b) { return a ^ b; }
LANES_OP lanes_uint lanes_shift_right_uint(lanes_uint a, uint32_t n) { return a >> n; }

// The second operand where neither is smaller, or one is not a number.
LANES_OP lanes_float lanes_minimum(lanes_float a, lanes_float b) { return a < b ? a : b; }
LANES_OP lanes_float lanes_maximum(lanes_float a, lanes_float b) { return a > b ? a : b; }

LANES_OP lanes_int lanes_minimum_int(lanes_int a, lanes_int b) { return a < b ? a : b; }
LANES_OP lanes_int lanes_maximum_int(lanes_int a, lanes_int b) { return a > b ? a : b; }

LANES_OP float lanes_least(lanes_float a) { return __builtin_reduce_min(a); }
LANES_OP float lanes_greatest(lanes_float a) { return __builtin_reduce_max(a); }
// In one order on every target.
LANES_OP float lanes_sum(lanes_float a) {
  lanes_float4 b = a.lo + a.hi;
  return (b.x + b.z) + (b.y + b.w);
}

// Comparisons give all bits where true.
LANES_OP lanes_int lanes_less(lanes_float a, lanes_float b) { return a < b; }
LANES_OP lanes_float lanes_select(lanes_int mask, lanes_float a, lanes_float b) { return mask ? a : b; }
LANES_OP lanes_int lanes_select_int(lanes_int mask, lanes_int a, lanes_int b) { return mask ? a : b; }
LANES_OP lanes_int lanes_equal_int(lanes_int a, lanes_int b) { return a == b; }
// Bit i is set where lane i's sign is.
LANES_OP uint32_t lanes_sign_bits(lanes_int mask) {
#if defined(__AVX__)
  return (uint32_t)__builtin_ia32_movmskps256((__attribute__((__vector_size__(32))) float)mask);
#elif defined(__SSE__)
  typedef __attribute__((__vector_size__(16))) float half;
  half low = (half)__builtin_shufflevector(mask, mask, 0, 1, 2, 3), high = (half)__builtin_shufflevector(mask, mask, 4, 5, 6, 7);
  return (uint32_t)__builtin_ia32_movmskps(low) | (uint32_t)__builtin_ia32_movmskps(high) << 4;
#else
  return __builtin_reduce_or((lanes_uint)(mask < 0) & (lanes_uint){1, 2, 4, 8, 16, 32, 64, 128});
#endif
}
// Sums of two products: lanes hold two 16-bit numbers each, and low halves are multiplied with low, high with high.
LANES_OP lanes_int lanes_pair_products(lanes_int a, lanes_int b) {
#if defined(__AVX2__)
  typedef __attribute__((__vector_size__(32))) short pairs;
  return (lanes_int)__builtin_ia32_pmaddwd256((pairs)a, (pairs)b);
#elif defined(__SSE2__)
  typedef __attribute__((__vector_size__(16))) short pairs;
  lanes_int4 low = (lanes_int4)__builtin_ia32_pmaddwd128((pairs)a.lo, (pairs)b.lo);
  lanes_int4 high = (lanes_int4)__builtin_ia32_pmaddwd128((pairs)a.hi, (pairs)b.hi);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
#endif
}
// One number each from a table.
LANES_LOOK lanes_float lanes_look_up(const float *table, lanes_int index) {
  return (lanes_float){table[index[0]], table[index[1]], table[index[2]], table[index[3]],
                       table[index[4]], table[index[5]], table[index[6]], table[index[7]]};
}
// One word each, from any byte on.
LANES_LOOK uint32_t lanes_word(const void *from, int64_t offset) {
  uint32_t word;
  __builtin_memcpy(&word, (const char *)from + offset, 4);
  return word;
}
LANES_LOOK lanes_uint lanes_words(const void *from, lanes_int offset) {
  return (lanes_uint){lanes_word(from, offset[0]), lanes_word(from, offset[1]), lanes_word(from, offset[2]),
                      lanes_word(from, offset[3]), lanes_word(from, offset[4]), lanes_word(from, offset[5]),
                      lanes_word(from, offset[6]), lanes_word(from, offset[7])};
}
// Asks for memory that is needed soon.
static inline __attribute__((always_inline)) void lanes_prefetch(const void *from) { __builtin_prefetch(from); }
LANES_OP uint32_t lanes_any_uint(lanes_uint mask) { return __builtin_reduce_or(mask); }
LANES_OP uint32_t lanes_any(lanes_int mask) { return (uint32_t)__builtin_reduce_or(mask); }

// Numbers within the range of the integer, cut towards zero; and back.
LANES_OP lanes_int lanes_to_int(lanes_float a) { return __builtin_convertvector(a, lanes_int); }
LANES_OP lanes_float lanes_from_uint(lanes_uint a) { return __builtin_convertvector((lanes_int)a, lanes_float); }
LANES_OP lanes_float lanes_from_int(lanes_int a) { return __builtin_convertvector(a, lanes_float); }

LANES_OP lanes_int lanes_float_bits(lanes_float a) { return (lanes_int)a; }
LANES_OP lanes_float lanes_from_bits(lanes_int a) { return (lanes_float)a; }

// The steps of a transposition of 4 x 4 blocks in both halves at once.
LANES_OP lanes_float lanes_join(lanes_float4 low, lanes_float4 high) {
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}
LANES_OP lanes_float lanes_zip_low(lanes_float a, lanes_float b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
}
LANES_OP lanes_float lanes_zip_high(lanes_float a, lanes_float b) {
  return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}
LANES_OP lanes_float lanes_pair_low(lanes_float a, lanes_float b) {
  return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
}
LANES_OP lanes_float lanes_pair_high(lanes_float a, lanes_float b) {
  return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}

LANES_OP lanes_float4 lanes_low4(lanes_float a) { return a.lo; }
LANES_OP lanes_float4 lanes_high4(lanes_float a) { return a.hi; }
// The whole number not above one, and that not below, for numbers that an int32_t holds.
LANES_OP int32_t lanes_floor(float x) {
  int32_t n = (int32_t)x;
  return n - ((float)n > x);
}
LANES_OP int32_t lanes_ceiling(float x) {
  int32_t n = (int32_t)x;
  return n + ((float)n < x);
}
LANES_OP lanes_int4 lanes_floor4(lanes_float4 x) {
  lanes_int4 n = __builtin_convertvector(x, lanes_int4);
  return n + (lanes_int4)(__builtin_convertvector(n, lanes_float4) > x);
}
LANES_OP lanes_int4 lanes_ceiling4(lanes_float4 x) {
  lanes_int4 n = __builtin_convertvector(x, lanes_int4);
  return n - (lanes_int4)(__builtin_convertvector(n, lanes_float4) < x);
}
LANES_OP int32_t lanes_greatest_int4(lanes_int4 a) { return __builtin_reduce_max(a); }
// Eight numbers from 0 to 255 of red, green and blue each, side by side as bytes; a byte behind the last is written too.
static inline __attribute__((always_inline)) void lanes_store_bytes3(lanes_int r, lanes_int g, lanes_int b, void *to) {
  lanes_uint rgb = (lanes_uint)r | (lanes_uint)g << 8 | (lanes_uint)b << 16;
  for (int i = 0; i < 8; i++) {
    uint32_t pixel = rgb[i];
    __builtin_memcpy((char *)to + 3 * i, &pixel, 4);
  }
}

LANES_OP lanes_float4 lanes_add4(lanes_float4 a, lanes_float4 b) { return a + b; }
LANES_OP lanes_float4 lanes_subtract4(lanes_float4 a, lanes_float4 b) { return a - b; }
LANES_OP lanes_float4 lanes_multiply4(lanes_float4 a, lanes_float4 b) { return a * b; }
LANES_OP lanes_float4 lanes_splat4(float x) { return (lanes_float4)(x); }
LANES_OP lanes_float4 lanes_minimum4(lanes_float4 a, lanes_float4 b) { return a < b ? a : b; }
LANES_OP lanes_float4 lanes_maximum4(lanes_float4 a, lanes_float4 b) { return a > b ? a : b; }
LANES_OP lanes_int4 lanes_add_int4(lanes_int4 a, lanes_int4 b) { return (lanes_int4)((lanes_uint4)a + (lanes_uint4)b); }
LANES_OP lanes_int4 lanes_subtract_int4(lanes_int4 a, lanes_int4 b) {
  return (lanes_int4)((lanes_uint4)a - (lanes_uint4)b);
}
LANES_OP lanes_int4 lanes_multiply_int4(lanes_int4 a, lanes_int4 b) {
  return (lanes_int4)((lanes_uint4)a * (lanes_uint4)b);
}
LANES_OP lanes_int4 lanes_splat_int4(int32_t x) { return (lanes_int4)(x); }
LANES_OP lanes_int4 lanes_shift_right_int4(lanes_int4 a, int32_t n) { return a >> n; }
LANES_OP lanes_int4 lanes_shift_left_int4(lanes_int4 a, int32_t n) { return (lanes_int4)((lanes_uint4)a << n); }
// Two numbers of 16 bits in each lane: a's low half below b's.
LANES_OP lanes_int4 lanes_pair_up4(lanes_int4 a, lanes_int4 b) {
  return (lanes_int4)(((lanes_uint4)a & 0xffff) | (lanes_uint4)b << 16);
}
// The first three lanes, each in the place of the one before it.
LANES_OP lanes_int4 lanes_turn4(lanes_int4 a) { return __builtin_shufflevector(a, a, 1, 2, 0, 3); }
// One lane of four in all eight.
// Each of the first values twice, from the first half of a pair or from the second, and those one further.
LANES_OP lanes_float lanes_twice(lanes_float a) { return __builtin_shufflevector(a, a, 0, 0, 1, 1, 2, 2, 3, 3); }
LANES_OP lanes_float lanes_twice_from_second(lanes_float a) { return __builtin_shufflevector(a, a, 0, 1, 1, 2, 2, 3, 3, 4); }
LANES_OP lanes_float lanes_twice_next(lanes_float a) { return __builtin_shufflevector(a, a, 1, 1, 2, 2, 3, 3, 4, 4); }
LANES_OP lanes_float lanes_twice_next_from_second(lanes_float a) {
  return __builtin_shufflevector(a, a, 1, 2, 2, 3, 3, 4, 4, 5);
}

LANES_OP lanes_int lanes_spread0(lanes_int4 a) { return __builtin_shufflevector(a, a, 0, 0, 0, 0, 0, 0, 0, 0); }
LANES_OP lanes_int lanes_spread1(lanes_int4 a) { return __builtin_shufflevector(a, a, 1, 1, 1, 1, 1, 1, 1, 1); }
LANES_OP lanes_int lanes_spread2(lanes_int4 a) { return __builtin_shufflevector(a, a, 2, 2, 2, 2, 2, 2, 2, 2); }
LANES_OP lanes_int4 lanes_to_int4(lanes_float4 a) { return __builtin_convertvector(a, lanes_int4); }
LANES_OP lanes_float4 lanes_from_int4(lanes_int4 a) { return __builtin_convertvector(a, lanes_float4); }
// The lanes of `a` where `depth` is not below `reference`, else 0.
LANES_OP lanes_float4 lanes_keep4(lanes_float4 a, lanes_float4 depth, lanes_float4 reference) {
  return (lanes_float4)((lanes_int4)a & (depth >= reference));
}

// Roots are exact by IEEE 754, and the same everywhere.
LANES_OP lanes_float lanes_square_root(lanes_float a) { return __builtin_elementwise_sqrt(a); }

// The two halves of every word's product with a number, as even and odd words: what a vector multiplier gives.
typedef uint64_t lanes_long4 __attribute__((ext_vector_type(4)));
static inline __attribute__((always_inline)) lanes_uint lanes_product_high(lanes_long4 even, lanes_long4 odd) {
  return (lanes_uint)((even >> 32) | (odd & 0xffffffff00000000u));
}
static inline __attribute__((always_inline)) lanes_uint lanes_product_low(lanes_long4 even, lanes_long4 odd) {
  return (lanes_uint)((even & 0xffffffffu) | (odd << 32));
}

// Eight blocks of Philox4x32-10 (Salmon et al. 2011) under one key: four vectors of random words.
// `four` has room for four vectors.
static inline __attribute__((always_inline)) void lanes_philox(
    lanes_uint c0, lanes_uint c1, lanes_uint c2, lanes_uint c3, uint32_t k0, uint32_t k1, void *four) {
  lanes_uint *out = (lanes_uint *)four;
  for (int i = 0; i < 10; i++) {
    lanes_long4 even0 = ((lanes_long4)c0 & 0xffffffffu) * 0xD2511F53u, odd0 = ((lanes_long4)c0 >> 32) * 0xD2511F53u;
    lanes_long4 even1 = ((lanes_long4)c2 & 0xffffffffu) * 0xCD9E8D57u, odd1 = ((lanes_long4)c2 >> 32) * 0xCD9E8D57u;
    c0 = lanes_product_high(even1, odd1) ^ c1 ^ (lanes_uint)(k0);
    c2 = lanes_product_high(even0, odd0) ^ c3 ^ (lanes_uint)(k1);
    c1 = lanes_product_low(even1, odd1);
    c3 = lanes_product_low(even0, odd0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

#endif
