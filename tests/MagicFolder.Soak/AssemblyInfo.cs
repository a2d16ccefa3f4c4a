using System.Runtime.Versioning;

// Signals, exchanges of names, permissions and mounts are made by Linux means.
[assembly: SupportedOSPlatform("linux")]
