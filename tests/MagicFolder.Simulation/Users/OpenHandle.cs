using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Users;

/// <summary>A file that a user's program keeps open.</summary>
internal sealed class OpenHandle(string openedAt, MemoryOpenFile file)
{
    /// <summary>Where its user last knew it to be.</summary>
    public string LastPlace { get; set; } = openedAt;

    public MemoryOpenFile File { get; } = file;

    /// <summary>The user removed or replaced the file themselves.</summary>
    public bool Abandoned { get; set; }
}
