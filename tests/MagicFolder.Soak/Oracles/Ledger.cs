using System.Globalization;

namespace MagicFolder.Soak.Oracles;

/// <summary>
/// What users did, with what was really in front of them: they take out what they replace in the same step in which they put something, and read what came out.
/// Knows nothing of the program. Safe for concurrent use.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal) { Values.Empty };
    private readonly Dictionary<(string Logical, string Value), Standing> _versions = [];
    private readonly HashSet<(int Folder, string Value)> _hidden = [];
    private readonly StreamWriter _log;
    private long _time;

    internal Ledger(string log) => _log = new StreamWriter(log) { AutoFlush = true };

    internal long Actions { get; private set; }

    internal int Contents => _written.Count;

    /// <summary>Somebody is about to write this.</summary>
    internal void WillWrite(string value)
    {
        lock (_lock) _written.Add(value);
    }

    internal bool IsWritten(string value)
    {
        lock (_lock) return _written.Contains(value);
    }

    /// <param name="folder">Whose user.</param>
    /// <param name="what">For the log.</param>
    /// <param name="path">Where, in the folder.</param>
    /// <param name="had">What was there; null for nothing.</param>
    /// <param name="has">What is there since; null for nothing.</param>
    /// <param name="isLate">Written through a handle that had been open for long.</param>
    internal void Record(int folder, string what, string path, string? had, string? has, bool isLate = false)
    {
        string logical = LogicalNames.Of(path);
        lock (_lock)
        {
            Actions++;
            if (had is not null)
            {
                StandingOf(logical, had).Gone = ++_time;
                // What is written through a handle goes where the file is by now, which its user may not know: the program may have moved it.
                foreach (var (key, standing) in _versions)
                    if (key.Value == had && (isLate || standing.IsLate)) standing.Gone = _time;
            }
            if (has is not null)
            {
                _written.Add(has);
                var standing = StandingOf(logical, has);
                bool stoodForAll = standing.IsLive && standing.OnlyIn is null;
                // What was moved away and back is to the program what it was before, if it has not looked meanwhile: then a newer version still replaces it.
                bool isPutBack = standing.Made > 0 && what.Contains("here", StringComparison.Ordinal);
                if (!isPutBack) standing.Made = ++_time;
                standing.IsLate |= isLate;
                // A conflict file that was edited stays on this disk until its conflict clears.
                standing.OnlyIn = LogicalNames.IsConflict(path) && !stoodForAll ? folder : null;
                if (standing.OnlyIn is not null && had is not null) _hidden.Add((folder, had));
                standing.By = $"{Running.Places.Names[folder]} {what} {path}";
            }
            Write($"{Running.Places.Names[folder]} {what} {path}: {had ?? "-"} -> {has ?? "-"}");
        }
    }

    internal void Note(string line)
    {
        lock (_lock) Write(line);
    }

    /// <summary>Versions that nobody who had them in front replaced or deleted, with the folders that have to show them (null: all).</summary>
    internal IReadOnlyList<(string Logical, string Value, int? OnlyIn, string By)> Live()
    {
        lock (_lock)
        {
            return [.. _versions.Where(pair => pair.Value.IsLive && pair.Key.Value != Values.Empty)
                .Select(pair => (pair.Key.Logical, pair.Key.Value, pair.Value.OnlyIn, pair.Value.By))];
        }
    }

    /// <summary>Values that were made in one folder only, by editing a conflict file, and those that cannot be seen there because of that.</summary>
    internal HashSet<string> Local()
    {
        lock (_lock) return [.. _versions.Where(pair => pair.Value.OnlyIn is not null).Select(pair => pair.Key.Value), .. _hidden.Select(hidden => hidden.Value)];
    }

    /// <summary>Its conflict file was edited in this folder: there that stands for it.</summary>
    internal bool IsHidden(int folder, string value)
    {
        lock (_lock) return _hidden.Contains((folder, value));
    }

    /// <summary>Was replaced or deleted wherever it was.</summary>
    internal bool IsGone(string value)
    {
        lock (_lock) return _versions.Where(pair => pair.Key.Value == value).All(pair => !pair.Value.IsLive);
    }

    public void Dispose() => _log.Dispose();

    private void Write(string line) => _log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.ffff} {line}"));

    private Standing StandingOf(string logical, string value)
    {
        if (!_versions.TryGetValue((logical, value), out var standing)) _versions.Add((logical, value), standing = new Standing());
        return standing;
    }

    private sealed class Standing
    {
        internal long Made { get; set; }

        internal long Gone { get; set; }

        internal bool IsLate { get; set; }

        internal int? OnlyIn { get; set; }

        internal string By { get; set; } = "";

        internal bool IsLive => Made > Gone;
    }
}
