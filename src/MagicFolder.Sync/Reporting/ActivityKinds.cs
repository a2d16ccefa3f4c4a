namespace MagicFolder.Sync.Reporting;

/// <summary>The kinds of the activity log, from which <c>why</c> tells a path's story.</summary>
internal static class ActivityKinds
{
    internal const string Captured = "captured";
    internal const string Adopted = "adopted";
    internal const string DeletedHere = "deleted-here";
    internal const string Created = "created";
    internal const string Replaced = "replaced";
    internal const string Removed = "removed";
    internal const string Conflict = "conflict";
    internal const string ConflictCleared = "conflict-cleared";
    internal const string Resolved = "resolved";
    internal const string EditBeatDeletion = "edit-beat-deletion";
    internal const string LocalFirst = "local-first";
    internal const string Restored = "restored";
    internal const string Rescued = "rescued";
    internal const string Recovered = "recovered";
    internal const string Joined = "joined";
    internal const string Published = "published";
}
