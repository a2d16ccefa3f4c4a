namespace MagicFolder.FileSystem.Names;

/// <summary>Whose rules for names apply.</summary>
public enum HostNames
{
    Linux = 1,
    Windows,
    MacOS,
}
