namespace MagicFolder.Soak.Running;

/// <summary>When a run is killed.</summary>
internal enum KillPoint
{
    /// <summary>After a time.</summary>
    Random = 0,

    /// <summary>Something happens in a staging directory: a swap is being prepared, done or cleared away.</summary>
    Staging,

    /// <summary>Something happens on the grid: a pack, or a head.</summary>
    Grid,

    /// <summary>A state database is written.</summary>
    State,
}
