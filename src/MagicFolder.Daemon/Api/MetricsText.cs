using System.Globalization;
using System.Text;
using MagicFolder.Daemon.Folders;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Daemon.Api;

/// <summary>
/// What there is and what was done, in the text format 0.0.4 of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Counters begin at zero with the daemon. Names and
/// units are those of its conventions (https://prometheus.io/docs/practices/naming/).
/// </summary>
internal static class MetricsText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static string Of(StatusDocument status, IReadOnlyList<HostedFolder> folders)
    {
        var text = new StringBuilder();
        // A series must not stand there twice; a join that was refused may have the name of a folder.
        status = status with { Folders = [.. status.Folders.DistinctBy(folder => folder.Name)] };
        Single(text, "grid_directories", "Directories that the grid consists of.", status.Grid.Desired);
        Single(text, "grid_connected_directories", "Directories of the grid that can be used now.", status.Grid.Connected);
        Single(text, "grid_happy_directories", "Directories of the grid that are needed for storing.", status.Grid.Happy);
        Begin(text, "folder_state", "gauge", "1 for the state that the folder is in, 0 for the others.");
        foreach (var folder in status.Folders)
            foreach (string state in StatusView.States) Sample(text, "folder_state", $"folder=\"{Escape(folder.Name)}\",state=\"{state}\"", folder.State == state ? 1 : 0);
        Gauge(text, status, "folder_files", "Files in the folder.", folder => folder.Files);
        Gauge(text, status, "folder_size_bytes", "Sum of their sizes.", folder => folder.Bytes);
        Gauge(text, status, "folder_conflict_files", "Versions that stand beside their path.", folder => folder.Conflicts);
        Gauge(text, status, "folder_problems", "Paths and people with trouble.", folder => folder.Problems.Count);
        Gauge(text, status, "folder_pending_paths", "Paths that wait to be brought here.", folder => folder.Downloads);
        Gauge(text, status, "folder_uploads_in_flight", "Files that are being stored just now.", folder => folder.Uploads);
        Gauge(text, status, "folder_participants", "Those who take part, this computer included.", folder => folder.Participants.Count(one => !one.Removed));
        Gauge(text, status, "folder_participants_in_sync", "Those of them whose newest snapshot is the same as what is here.", folder => folder.Participants.Count(one => one is { Removed: false, InSync: true }));
        Counter(text, folders, "rounds_total", "Rounds that ended well.", progress => progress.Rounds);
        Counter(text, folders, "round_duration_seconds_total", "Time that they took.", progress => progress.RoundTime.TotalSeconds);
        Counter(text, folders, "scanned_paths_total", "Paths looked at in scans.", progress => progress.Scanned);
        Counter(text, folders, "uploads_total", "Changes made here that were stored.", progress => progress.Captured);
        Counter(text, folders, "upload_bytes_total", "Bytes of files read for them.", progress => progress.BytesCaptured);
        Counter(text, folders, "downloads_total", "Changes of others that were brought here.", progress => progress.Applied);
        Counter(text, folders, "download_bytes_total", "Bytes of files written for them.", progress => progress.BytesApplied);
        return text.ToString();
    }

    private static void Single(StringBuilder text, string name, string help, double value)
    {
        Begin(text, name, "gauge", help);
        text.Append(CultureInfo.InvariantCulture, $"magicfolder_{name} {value}\n");
    }

    private static void Gauge(StringBuilder text, StatusDocument status, string name, string help, Func<FolderDocument, double> value)
    {
        Begin(text, name, "gauge", help);
        foreach (var folder in status.Folders) Sample(text, name, $"folder=\"{Escape(folder.Name)}\"", value(folder));
    }

    private static void Counter(StringBuilder text, IReadOnlyList<HostedFolder> folders, string name, string help, Func<SyncProgress, double> value)
    {
        Begin(text, name, "counter", help);
        foreach (var folder in folders) Sample(text, name, $"folder=\"{Escape(folder.Name)}\"", value(folder.Progress));
    }

    private static void Begin(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP magicfolder_{name} {help}\n# TYPE magicfolder_{name} {type}\n");

    private static void Sample(StringBuilder text, string name, string labels, double value) => text.Append(CultureInfo.InvariantCulture, $"magicfolder_{name}{{{labels}}} {value}\n");

    private static string Escape(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
