namespace MagicFolder.Soak;

/// <summary>What a soak is to do.</summary>
internal sealed record SoakOptions
{
    public int Kills { get; init; } = 300;

    /// <summary>Ends the killing early; null for no limit.</summary>
    public TimeSpan? Limit { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Folders kept the same, 2 to 5.</summary>
    public int Folders { get; init; } = 3;

    /// <summary>Kills between two checks.</summary>
    public int Epoch { get; init; } = 20;

    /// <summary>Full disks, permissions, read-only places?</summary>
    public bool Troubles { get; init; } = true;

    /// <summary>Below which directory all happens.</summary>
    public required string Directory { get; init; }

    /// <summary>So many daemons, each with a folder and a configuration of its own, 2 to 10; 0 for the command <c>sync</c>.</summary>
    public int Daemons { get; init; }

    /// <summary>How long daemons are watched at rest.</summary>
    public TimeSpan Idle { get; init; }
}
