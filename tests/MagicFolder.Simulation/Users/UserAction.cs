namespace MagicFolder.Simulation.Users;

/// <summary>What a user may do next; the number is its place in <see cref="UserHabits.Weights"/>.</summary>
internal enum UserAction
{
    Write,
    Delete,
    Rename,
    ChangeBits,
    SetTime,
    ConflictFiles,
    Directories,
    Symlink,
    Handles,
    MoveDirectories,
}
