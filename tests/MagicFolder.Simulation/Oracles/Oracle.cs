using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

/// <summary>
/// Knows nothing of the engine: it sees what users do, what is on the disks, and which head reached whom. From the true order of these it decides whether
/// the promises were kept (docs/promises.md). Where the engine may rightly decide one way or the other (a user in the very middle of a swap, an
/// unpublished change of a lost state), it demands neither: see <see cref="UserEvent.Weak"/> and <see cref="Succession.Certain"/>.
/// </summary>
/// <remarks>
/// Files: <c>Oracle.Users.cs</c> derives events from what users do, <c>Oracle.Decisions.cs</c> from what they decide; <c>Oracle.Engines.cs</c> watches rounds, disks and heads, <c>Oracle.Moves.cs</c> directories that get other names; <c>Oracle.Verdict.cs</c> compares at the end;
/// <c>Oracle.Copy.cs</c> goes on with the same knowledge elsewhere.
/// </remarks>
internal sealed partial class Oracle
{
    private readonly IReadOnlyList<MemoryTree> _folders;
    private readonly Action<string> _trace;
    private readonly List<UserEvent> _events = [];
    private readonly Dictionary<string, List<UserEvent>> _byLogical = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly HashSet<(string Logical, string Value)> _orphans = [];
    private readonly HashSet<(string Logical, string Value)> _shownAgain = [];
    private readonly Watch[] _watches;

    public Oracle(IReadOnlyList<MemoryTree> folders, Action<string> trace)
    {
        _folders = folders;
        _trace = trace;
        _watches = [.. folders.Select(_ => new Watch())];
    }

    public IReadOnlyList<UserEvent> Events => _events;

    private static OracleViolation Broken(string promise, string text) => new($"{promise}: {text}");

    private static string Letter(int participant) => ((char)('A' + participant)).ToString();

    private List<UserEvent> At(string logical) => _byLogical.TryGetValue(logical, out var events) ? events : [];

    /// <summary>What is known about one participant.</summary>
    private sealed class Watch
    {
        /// <summary>Events that can have reached this computer: its own and all that the publishers it read could know.</summary>
        public HashSet<UserEvent> Known { get; } = [];

        /// <summary>What could be known to a reader of each head, by its seqnum.</summary>
        public Dictionary<long, UserEvent[]> Heads { get; } = [];

        /// <summary>Decisions that the engine surely has heard of and carried out.</summary>
        public HashSet<UserEvent> Heard { get; } = [];

        /// <summary>The head of each other that was read last.</summary>
        public Dictionary<int, long> Read { get; } = [];

        /// <summary>Values that a place has shown since the engine surely had looked at it.</summary>
        public Dictionary<string, HashSet<string>> Shown { get; } = new(StringComparer.Ordinal);

        /// <summary>The newest event of this user at a place.</summary>
        public Dictionary<string, UserEvent> Last { get; } = new(StringComparer.Ordinal);

        /// <summary>Places that the engine changed since its last round that ended well.</summary>
        public HashSet<string> Touched { get; } = new(StringComparer.Ordinal);

        /// <summary>Where the engine has put files that the user has not seen there.</summary>
        public Dictionary<MemoryInode, string> Placed { get; } = [];

        /// <summary>What was written to files while they were out of their places, and what they held before.</summary>
        public Dictionary<MemoryInode, (string? Had, List<UserEvent> Written)> Late { get; } = [];

        /// <summary>The state was lost and no round has ended well since.</summary>
        public bool Unrecovered { get; set; }

        /// <summary>What a program still writes to a file that was swapped out then is kept aside, but nobody knows any more for which path.</summary>
        public bool HasLostState { get; set; }

        /// <summary>In this round, whatever became of it.</summary>
        public bool HasWrittenHead { get; set; }

        public bool InRound { get; set; }

        public int RoundStart { get; set; }

        public SortedDictionary<string, string> RoundView { get; set; } = [];

        /// <summary>Logical paths where the user did something during the round.</summary>
        public HashSet<string> Disturbed { get; } = new(StringComparer.Ordinal);

        /// <summary>What the user did during the round at places that the engine changed afterwards.</summary>
        public HashSet<UserEvent> SwappedOut { get; } = [];

        /// <summary>The user sees a file where it is.</summary>
        public void See(MemoryInode file)
        {
            Placed.Remove(file);
            Late.Remove(file);
        }

        /// <summary>But for <see cref="Placed"/> and <see cref="Late"/>: in a copy nobody keeps a file open.</summary>
        public void CopyTo(Watch copy, Func<UserEvent, UserEvent> copied)
        {
            copy.Known.UnionWith(Known.Select(copied));
            copy.Heard.UnionWith(Heard.Select(copied));
            foreach (var (writer, seqnum) in Read) copy.Read.Add(writer, seqnum);
            foreach (var (seqnum, events) in Heads) copy.Heads.Add(seqnum, [.. events.Select(copied)]);
            foreach (var (place, values) in Shown) copy.Shown.Add(place, new(values, StringComparer.Ordinal));
            foreach (var (place, made) in Last) copy.Last.Add(place, copied(made));
            copy.Touched.UnionWith(Touched);
            copy.Unrecovered = Unrecovered;
            copy.HasLostState = HasLostState;
            copy.HasWrittenHead = HasWrittenHead;
            copy.InRound = InRound;
            copy.RoundStart = RoundStart;
            copy.RoundView = new(RoundView, StringComparer.Ordinal);
            copy.Disturbed.UnionWith(Disturbed);
            copy.SwappedOut.UnionWith(SwappedOut.Select(copied));
        }

        public bool IsTouched(string place) =>
            Touched.Contains(place) || Touched.Any(t => place.StartsWith(t + "/", StringComparison.Ordinal));
    }
}
