-- Who isn't the owner reads as the service; whoever may not take that role on is refused here.
set local role service_role
