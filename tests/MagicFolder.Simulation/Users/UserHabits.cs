namespace MagicFolder.Simulation.Users;

/// <summary>What the users of a run do besides writing, renaming and deleting files.</summary>
internal sealed record UserHabits
{
    public static readonly UserHabits All = new();

    public static readonly UserHabits FilesOnly = new() { Directories = false, Symlinks = false, OpenHandles = false, ConflictEdits = false };

    public bool Directories { get; init; } = true;

    public bool Symlinks { get; init; } = true;

    public bool OpenHandles { get; init; } = true;

    public bool ConflictFiles { get; init; } = true;

    /// <summary>Names that some disks take for one.</summary>
    public bool Twins { get; init; } = true;

    public bool ConflictEdits { get; init; } = true;
}
