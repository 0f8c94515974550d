"""The pieces that the windows are built from: colours and sizes, buttons, fields, banners, and the window itself."""
