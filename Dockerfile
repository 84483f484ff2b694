# The shop, without its suite. What it runs as, web, worker or beat, says compose.yaml.
FROM python:3.13-slim

# The working folder is the only one that can be written to; the shop is found in its own.
ENV PYTHONPATH=/shop PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp
WORKDIR /tmp

# Before the shop itself: the layer is made anew only when the pins change.
COPY requirements-shop.txt /shop/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /shop/requirements-shop.txt

# A volume that is mounted here for the first time is the user's, as this folder is.
RUN useradd --system --uid 10001 --no-create-home shop && install --directory --owner shop /var/lib/shop/avatars
COPY app /shop/app

USER 10001
