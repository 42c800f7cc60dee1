// Elementary functions written without branches, so that loops over them become vector code.
// Errors against the correctly rounded result stay within about 2 units in the last place.
#ifndef WK_MATH_H
#define WK_MATH_H

#include "wk_targets.h"
#include <stdint.h>
#include <string.h>

WK_INLINE float wk_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

WK_INLINE uint32_t wk_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return bits;
}

// e^x = 2^n e^r with |r| <= ln 2 / 2, and a polynomial for e^r; results below the smallest normal
// number are 0.
WK_INLINE float wk_exp(float x) {
    const float shift = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
    float clamped = x < -87.33655f ? -87.33655f : x > 88.72284f ? 88.72284f : x;
    float n = (clamped * 1.44269504f + shift) - shift;
    float r = clamped - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    // Two factors, since 2^n alone overflows at the upper end of the range.
    int32_t whole = (int32_t)n;
    int32_t half = whole >> 1;
    float y = p * wk_from_bits((uint32_t)(half + 127) << 23)
        * wk_from_bits((uint32_t)(whole - half + 127) << 23);
    y = x > 88.72284f ? wk_from_bits(0x7F800000u) : y;
    y = x < -87.33655f ? 0.0f : y;
    return x != x ? x : y;
}

// log x = n log 2 + log m with m in [sqrt 1/2, sqrt 2), and a polynomial for log m.
WK_INLINE float wk_log(float x) {
    float scaled = x < 1.17549435e-38f ? x * 8388608.0f : x;
    uint32_t bits = wk_bits(scaled);
    int32_t exponent = (int32_t)(bits >> 23) - 126;
    float m = wk_from_bits((bits & 0x007FFFFFu) | 0x3F000000u);
    int small = m < 0.707106781f;
    float n = (float)(small ? exponent - 1 : exponent);
    n = x < 1.17549435e-38f ? n - 23.0f : n;
    float r = (small ? m + m : m) - 1.0f;
    float p = 7.0376836292e-2f;
    p = p * r - 1.1514610310e-1f;
    p = p * r + 1.1676998740e-1f;
    p = p * r - 1.2420140846e-1f;
    p = p * r + 1.4249322787e-1f;
    p = p * r - 1.6668057665e-1f;
    p = p * r + 2.0000714765e-1f;
    p = p * r - 2.4999993993e-1f;
    p = p * r + 3.3333331174e-1f;
    float square = r * r;
    float y = p * r * square - 2.12194440e-4f * n - 0.5f * square;
    y = r + y + 0.693359375f * n;
    y = x == wk_from_bits(0x7F800000u) ? x : y;
    y = x == 0.0f ? wk_from_bits(0xFF800000u) : y;
    return x < 0.0f || x != x ? wk_from_bits(0x7FC00000u) : y;
}

WK_INLINE float wk_tanh(float x) {
    float magnitude = x < 0.0f ? -x : x;
    float square = x * x;
    float p = -5.70498872745e-3f;
    p = p * square + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    float near = x + x * square * p;
    float far = 1.0f - 2.0f / (wk_exp(2.0f * magnitude) + 1.0f);
    far = x < 0.0f ? -far : far;
    return magnitude < 0.625f || x != x ? near : far;
}

WK_INLINE float wk_logistic(float x) { return 1.0f / (1.0f + wk_exp(-x)); }

// Sine and cosine of u turns, 0 <= u < 1, from polynomials on an eighth of a turn to either side.
WK_INLINE void wk_sincos_turns(float u, float *sine, float *cosine) {
    const float shift = 12582912.0f;
    float quarter = (4.0f * u + shift) - shift;
    float r = (4.0f * u - quarter) * 1.57079632679f;
    float square = r * r;
    float s = -1.9515295891e-4f;
    s = s * square + 8.3321608736e-3f;
    s = s * square - 1.6666654611e-1f;
    s = s * square * r + r;
    float c = 2.443315711809948e-5f;
    c = c * square - 1.388731625493765e-3f;
    c = c * square + 4.166664568298827e-2f;
    c = c * square * square - 0.5f * square + 1.0f;
    int32_t quadrant = (int32_t)quarter & 3;
    float first = quadrant & 1 ? c : s;
    float second = quadrant & 1 ? s : c;
    *sine = quadrant & 2 ? -first : first;
    *cosine = quadrant == 1 || quadrant == 2 ? -second : second;
}

#endif
