/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The structures that a driver embeds, empty of meaning. */
#ifndef SHIM_DEVICE_H
#define SHIM_DEVICE_H

struct bus_type;

struct device {
	void *data;
};

struct device_driver {
	const char *name;
};

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->data = data;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->data;
}

#endif /* SHIM_DEVICE_H */
