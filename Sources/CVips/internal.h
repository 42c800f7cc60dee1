#ifndef CVIPS_INTERNAL_H
#define CVIPS_INTERNAL_H

// libvips' pending message, taken out of its buffer, without the final line break.
char *cvips_take_error(void);

#endif
