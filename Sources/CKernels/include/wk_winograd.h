// The five transforms of Winograd's convolution for 4×4 kernels of stride 2.
//
// Such a convolution is a 2×2 convolution of stride 1 over the four interleaved phases of its input
// (even or odd rows, even or odd columns). Toom and Cook's scheme F(m×m, 2×2) makes m×m of its
// outputs from (m+1)×(m+1) inputs by (m+1)² products where the direct sum has 4m²: 25 for 64 with
// m = 4, 9 for 16 with m = 2. Over all tiles and channels these products are (m+1)² matrix
// products, which are done elsewhere; here numbers are brought to and from that form, "planes".
//
//     output  = Aᵀ [ (G w Gᵀ) · (Bᵀ x B) ] A        and its two adjoints
//
// Points are 0, 1, ∞ for m = 2, and 0, 1, −1, 2, ∞ for m = 4: sums stay within about 3·10⁻⁶ of
// their size. Source: Lavin and Gray 2016, arXiv:1509.09308, section 4.
//
// Bound: bytes. Every number of an image becomes (m+1)²/m² numbers of planes (of each phase).
#ifndef WK_WINOGRAD_H
#define WK_WINOGRAD_H

#include <stdint.h>

/// A batch of images `[images, height, width, channels]` and its planes
/// `[(m+1)², images · tile_rows · tile_columns, phases · channels]`.
typedef struct {
    float *image;
    float *planes;
    int64_t images, height, width, channels;
    int64_t tile_rows, tile_columns;
    /// Floats from one plane to the next.
    int64_t plane;
    /// Rows and columns of zeros before an input image; unused for outputs.
    int64_t pad_top, pad_left;
    /// m: 2 or 4 outputs in each direction.
    int32_t size;
    int32_t threads;
} wk_winograd_images;

/// Kernels `[outputs, inputs, 4, 4]` and their planes `[(m+1)², 4 · inputs, outputs]`.
typedef struct {
    float *kernels;
    float *planes;
    int64_t outputs, inputs;
    int64_t plane;
    int32_t size;
    int32_t threads;
} wk_winograd_kernels;

/// Inputs to planes: Bᵀ x B for every phase. Channels must be a multiple of 16, here and below.
int wk_winograd_input(void *images);
/// Planes to inputs, the adjoint: tiles overlap by a row and a column, which are added.
int wk_winograd_input_adjoint(void *images);
/// Planes to outputs: Aᵀ y A.
int wk_winograd_output(void *images);
/// Outputs to planes, the adjoint.
int wk_winograd_output_adjoint(void *images);
/// Kernels to planes: G w Gᵀ. Outputs must be a multiple of 16, here and below.
int wk_winograd_kernel(void *kernels);
/// Planes to kernels, the adjoint.
int wk_winograd_kernel_adjoint(void *kernels);

#endif
