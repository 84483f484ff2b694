"""What the shop does, apart from HTTP: each module is one subject of the business."""
