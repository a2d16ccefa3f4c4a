using MagicFolder.Daemon.Api;

namespace MagicFolder.Soak.Running;

/// <summary>All daemons of one folder.</summary>
internal sealed class Fleet : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private readonly Places _places;
    private readonly TimeSpan _patience;

    /// <param name="places">Where all is.</param>
    /// <param name="patience">How long coming to rest may take.</param>
    internal Fleet(Places places, TimeSpan patience)
    {
        (_places, _patience) = (places, patience);
        All = [.. Enumerable.Range(0, places.Folders.Count).Select(i => new SoakDaemon(places, i))];
    }

    internal IReadOnlyList<SoakDaemon> All { get; }

    /// <summary>Those that run.</summary>
    internal IEnumerable<SoakDaemon> Running => All.Where(daemon => daemon.Run is not null);

    /// <summary>From nothing to all in one folder.</summary>
    internal Task FoundAsync(CancellationToken cancel) => FoundAsync(All.Count, cancel);

    /// <summary>From nothing to the first of them in one folder.</summary>
    internal async Task FoundAsync(int count, CancellationToken cancel)
    {
        foreach (var daemon in All.Take(count)) await daemon.InitializeAsync(cancel);
        foreach (var daemon in All.Take(count)) daemon.Start();
        await All[0].AddAsync(_places.Folders[0], cancel);
        foreach (int i in Enumerable.Range(1, count - 1)) await JoinAsync(i, cancel);
        await RestAsync(cancel);
    }

    /// <summary>Invited by the first.</summary>
    internal async Task JoinAsync(int number, CancellationToken cancel) =>
        await All[number].JoinAsync(await All[0].InviteAsync(All[number].Name, cancel), _places.Folders[number], cancel);

    internal void StartAll()
    {
        foreach (var daemon in All.Where(daemon => daemon.Run is null)) daemon.Start();
    }

    internal async Task StopAllAsync(CancellationToken cancel)
    {
        foreach (var daemon in All) await daemon.StopAsync(cancel);
    }

    /// <summary>Waits until all that run have looked at everything and each says that it is in sync and that all others have the same.</summary>
    /// <exception cref="SoakFailure">They do not come to rest.</exception>
    internal async Task RestAsync(CancellationToken cancel)
    {
        long start = TimeProvider.System.GetTimestamp();
        string former = "";
        var running = Running.ToArray();
        while (true)
        {
            string? trouble = null;
            foreach (var daemon in running)
            {
                // What was held is let go even where that waits for another look.
                if (await daemon.StandingAsync(cancel) is { Reason: { } reason } && reason.Contains("deletion guard", StringComparison.Ordinal)) await daemon.ConfirmAsync(cancel);
                trouble ??= await daemon.ScanAsync(cancel);
            }
            var standings = new List<FolderDocument?>();
            foreach (var daemon in running) standings.Add(await daemon.StandingAsync(cancel));
            string now = string.Join(';', standings.Select(standing => string.Join(',', standing?.Participants.Select(participant => participant.Seq) ?? [])));
            if (trouble is null && standings.TrueForAll(standing => IsAtRest(standing, running)) && now == former) return;
            former = now;
            if (TimeProvider.System.GetElapsedTime(start) > _patience)
                throw new SoakFailure($"they do not come to rest: {trouble}\n{string.Join('\n', running.Zip(standings, Describe))}");
            await Task.Delay(Look, cancel);
        }
    }

    public void Dispose()
    {
        foreach (var daemon in All) daemon.Dispose();
    }

    private static bool IsAtRest(FolderDocument? standing, SoakDaemon[] running) => standing is { State: "in-sync", Problems.Count: 0, Uploads: 0, Downloads: 0 }
        && Array.TrueForAll(running, daemon => standing.Participants.Any(participant => participant.Name == daemon.Name && participant.InSync));

    private static string Describe(SoakDaemon daemon, FolderDocument? standing) => standing is null ? $"{daemon.Name}: no folder"
        : $"{daemon.Name}: {standing.State} {standing.Reason}, {standing.Files} files, {standing.Downloads} wait, problems {{{string.Join(", ", standing.Problems)}}}, "
            + string.Join(", ", standing.Participants.Select(participant => $"{participant.Name} {participant.Seq}{(participant.InSync ? "" : " differs")}"));
}
