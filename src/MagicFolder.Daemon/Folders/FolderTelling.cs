using MagicFolder.Model.Paths;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Daemon.Folders;

/// <summary>Tells of what the engine of one folder does. While nobody listens, not even a path is made into text.</summary>
internal sealed class FolderTelling(string folder, EventHub events) : IProgressListener
{
    public void PollCompleted() => Tell("poll-completed");

    public void ScanCompleted() => Tell("scan-completed");

    public void UploadStarted(RelativePath path) => Tell("upload-started", path);

    public void UploadFinished(RelativePath path) => Tell("upload-finished", path);

    public void DownloadStarted(RelativePath path) => Tell("download-started", path);

    public void DownloadFinished(RelativePath path) => Tell("download-finished", path);

    private void Tell(string kind)
    {
        if (events.IsHeard) events.Progress(kind, folder, null);
    }

    private void Tell(string kind, RelativePath path)
    {
        if (events.IsHeard) events.Progress(kind, folder, path.ToString());
    }
}
