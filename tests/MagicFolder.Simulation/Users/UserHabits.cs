using System.Collections.Immutable;
using MagicFolder.Simulation.Clocks;

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

    /// <summary>How often they do what: one number for each <see cref="UserAction"/>.</summary>
    public ImmutableArray<int> Weights { get; init; } = [34, 10, 10, 4, 3, 12, 12, 4, 8, 20];

    /// <summary>Of what they write, how much is one of a few common contents.</summary>
    public double CommonContents { get; init; } = 0.12;

    /// <summary>They know only so many of the names, from this one on: then they meet more often.</summary>
    public (int From, int Count) Names { get; init; } = (0, int.MaxValue);

    /// <summary>All users of a run do some things seldom and others often, and with few names or many.</summary>
    public UserHabits InTheMood(SeededRandom random) => this with
    {
        Weights = [.. Weights.Select(weight => random.Below(4) switch { 0 => weight, 1 => weight * 40, _ => weight * 10 })],
        CommonContents = random.Below(4) == 0 ? 0.5 : CommonContents,
        Names = (random.Below(16), random.Below(4) switch { 0 => 1, 1 => 3, _ => int.MaxValue }),
    };

    public string[] Known(string[] names) =>
        Names.Count >= names.Length ? names : [.. Enumerable.Range(0, Names.Count).Select(i => names[(Names.From + i) % names.Length])];
}
