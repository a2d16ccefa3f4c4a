namespace MagicFolder.Soak.Running;

/// <summary>Waits for the chosen moment of a run and kills it there, sometimes after a pause in which users find everything as it stood.</summary>
internal sealed class Killer(Places places, Random random)
{
    private static readonly KillPoint[] Points = Enum.GetValues<KillPoint>();

    internal Dictionary<KillPoint, int> Kills { get; } = Points.ToDictionary(point => point, _ => 0);

    internal int Pauses { get; private set; }

    /// <summary>False if the program had ended by itself.</summary>
    internal async Task<bool> KillAsync(ProgramRun run, CancellationToken cancel)
    {
        var point = Points[random.Next(Points.Length)];
        var moment = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = point == KillPoint.Random ? int.MaxValue : 1 + random.Next(60);
        using var watchers = new Watchers(Watched(point), () =>
        {
            if (Interlocked.Decrement(ref left) != 0) return;
            run.Signal(Posix.Stop);
            moment.TrySetResult();
        });
        var latest = TimeSpan.FromMilliseconds(point == KillPoint.Random ? random.Next(300, 2500) : 4000);
        await Task.WhenAny(moment.Task, Task.Delay(latest, cancel), EndAsync(run, cancel));
        cancel.ThrowIfCancellationRequested();
        if (run.HasEnded) return false;

        if (random.Next(3) == 0)
        {
            Pauses++;
            run.Signal(Posix.Stop);
            await Task.Delay(random.Next(5, 300), cancel);
            if (random.Next(2) == 0)
            {
                run.Signal(Posix.Continue);
                await Task.Delay(random.Next(0, 40), cancel);
            }
        }
        if (run.HasEnded) return false;
        run.Signal(Posix.Kill);
        Kills[moment.Task.IsCompleted ? point : KillPoint.Random]++;
        return true;
    }

    private static async Task EndAsync(ProgramRun run, CancellationToken cancel)
    {
        while (!run.HasEnded && !cancel.IsCancellationRequested) await Task.Delay(20, CancellationToken.None);
    }

    private string[] Watched(KillPoint point) => point switch
    {
        KillPoint.Staging => [Path.Combine(places.Folders[random.Next(places.Folders.Count)], ".magic-folder", "staging")],
        KillPoint.Grid => [places.Grid],
        KillPoint.State => [places.State],
        _ => [],
    };

    /// <summary>Those directories that are there yet, with all below.</summary>
    private sealed class Watchers : IDisposable
    {
        private readonly List<FileSystemWatcher> _all = [];

        internal Watchers(string[] directories, Action happened)
        {
            foreach (string directory in directories.Where(Directory.Exists))
            {
                var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
                watcher.Created += (_, _) => happened();
                watcher.Changed += (_, _) => happened();
                watcher.Deleted += (_, _) => happened();
                watcher.Renamed += (_, _) => happened();
                watcher.EnableRaisingEvents = true;
                _all.Add(watcher);
            }
        }

        public void Dispose()
        {
            foreach (var watcher in _all) watcher.Dispose();
        }
    }
}
