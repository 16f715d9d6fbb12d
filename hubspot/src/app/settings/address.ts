// Written by `dealgate install hubspot --render`: change policy or settings, then render again.
export const ADDRESS = "https://dealgate.example.com";
