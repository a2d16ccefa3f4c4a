using System.Runtime.Versioning;

// Signals, permissions, special files and full disks are made here by Linux means.
[assembly: SupportedOSPlatform("linux")]
