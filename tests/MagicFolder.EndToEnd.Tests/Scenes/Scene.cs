using System.Diagnostics;
using MagicFolder.Daemon.Api;
using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;
using MagicFolder.Soak.Running;

namespace MagicFolder.EndToEnd.Tests.Scenes;

/// <summary>Several computers with a daemon each, in one folder over one grid directory; they are called alice (the admin), bob, carol and so on.</summary>
internal sealed class Scene : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Computer _computer = new();
    private readonly Places _places;
    private readonly Fleet _fleet;

    private Scene(int computers)
    {
        _places = new Places(_computer.At("all"), computers, mayMount: false);
        _fleet = new Fleet(_places, Patience);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal string Grid => _places.Grid;

    /// <param name="computers">How many there are.</param>
    /// <param name="members">How many of them take part from the beginning.</param>
    internal static async Task<Scene> StartAsync(int computers, int? members = null)
    {
        var scene = new Scene(computers);
        try
        {
            await scene._fleet.FoundAsync(members ?? computers, Cancel);
            return scene;
        }
        catch
        {
            scene.Dispose();
            throw;
        }
    }

    internal string At(string name, string path = "") => Path.TrimEndingDirectorySeparator(Path.Combine(_places.Folders[Number(name)], path));

    internal string ConfigurationOf(string name) => Path.Combine(_places.State, name);

    internal void Write(string name, string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name, path))!);
        File.WriteAllText(At(name, path), text);
    }

    internal string? Read(string name, string path) => File.Exists(At(name, path)) ? File.ReadAllText(At(name, path)) : null;

    /// <summary>The files in the folder, without those of the program.</summary>
    internal int Count(string name) => Directory.EnumerateFiles(At(name), "*", SearchOption.AllDirectories).Count(path => !path.Contains("/.magic-folder/", StringComparison.Ordinal));

    internal void Start(string name) => Daemon(name).Start();

    internal Task StopAsync(string name) => Daemon(name).StopAsync(Cancel);

    internal async Task InitializeAsync(string name)
    {
        await Daemon(name).InitializeAsync(Cancel);
        Start(name);
    }

    internal Task JoinAsync(string name) => _fleet.JoinAsync(Number(name), Cancel);

    internal async Task ScanAsync(string name) => (await Daemon(name).ScanAsync(Cancel)).ShouldBeNull();

    /// <summary>A command of this computer.</summary>
    internal Task<ProgramResult> RunAsync(string name, params IEnumerable<string> arguments) => _computer.RunAsync([.. arguments, "--config", ConfigurationOf(name)]);

    internal async Task<FolderDocument> FolderAsync(string name) => (await Daemon(name).StandingAsync(Cancel)).ShouldNotBeNull();

    /// <summary>Waits until its folder stands so.</summary>
    internal async Task<FolderDocument> BecomesAsync(string name, Func<FolderDocument, bool> holds)
    {
        FolderDocument folder;
        long start = Stopwatch.GetTimestamp();
        while (!holds(folder = await FolderAsync(name)))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience) throw new TimeoutException($"{name}: {folder}, problems {string.Join(", ", folder.Problems)}\n{Daemon(name).Said}");
            await Task.Delay(50, Cancel);
        }
        return folder;
    }

    /// <summary>Waits until all that run are in sync without any problem, and expects that their directories are the same. What the deletion guard holds back is let go.</summary>
    internal async Task RestAsync()
    {
        await _fleet.RestAsync(Cancel);
        string[] running = [.. _fleet.Running.Select(daemon => daemon.Name)];
        Directories.ShouldBeTheSame(At(running[0]), running[1..].Select(name => At(name)));
    }

    /// <summary>No daemon had trouble that nobody thought of.</summary>
    internal void ShouldBeCalm()
    {
        foreach (var daemon in _fleet.All)
        {
            daemon.Said.ShouldNotContain("unexpected");
            daemon.Said.ShouldNotContain("   at ");
        }
    }

    /// <summary>With times and permissions.</summary>
    internal static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        copy.WaitForExit();
        copy.ExitCode.ShouldBe(0);
    }

    public void Dispose()
    {
        _fleet.Dispose();
        _computer.Dispose();
    }

    private static int Number(string name) => Places.Names.ToList().IndexOf(name);

    private SoakDaemon Daemon(string name) => _fleet.All[Number(name)];
}
