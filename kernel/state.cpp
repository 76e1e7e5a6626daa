// SPDX-License-Identifier: Apache-2.0
// The state is all zeros until boot/ fills it in: no initialiser runs.
#include "state.hpp"

constinit KernelState kernel_state = {};
