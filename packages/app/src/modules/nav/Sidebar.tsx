import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  NavContentBlueprint,
  type NavContentComponentProps,
} from '@backstage/plugin-app-react';
import { SidebarSearchModal } from '@backstage/plugin-search';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { makeStyles } from '@material-ui/core';
import MenuIcon from '@material-ui/icons/Menu';
import SearchIcon from '@material-ui/icons/Search';
import { portalTranslationRef } from '../../translation';
import { SidebarLogo } from './SidebarLogo';

const useStyles = makeStyles({
  // The sidebar cuts long titles; two lines say more.
  menu: {
    '& [class*="BackstageSidebarItem-label"]': {
      whiteSpace: 'normal',
      lineHeight: 1.25,
    },
  },
});

const PortalSidebar = ({ navItems }: NavContentComponentProps) => {
  const { t } = useTranslationRef(portalTranslationRef);
  const classes = useStyles();
  const nav = navItems.withComponent(item => (
    <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
  ));

  // Titles of pages are plain text in this release; ours is known in every language.
  const namespaces = navItems.take('page:gns');
  nav.take('page:search'); // The search modal instead.
  nav.take('page:notifications'); // An item with a count instead.

  return (
    <Sidebar>
      <SidebarLogo />
      <SidebarGroup label={t('nav.search')} icon={<SearchIcon />} to="/search">
        <SidebarSearchModal />
      </SidebarGroup>
      <SidebarDivider />
      <SidebarGroup label={t('nav.menu')} icon={<MenuIcon />}>
        <div className={classes.menu}>
          {namespaces ? (
            <SidebarItem
              icon={() => namespaces.icon}
              to={namespaces.href}
              text={t('nav.globalNamespaces')}
            />
          ) : null}
          {nav.take('page:catalog')}
          {nav.take('page:scaffolder')}
          <SidebarDivider />
          <SidebarScrollWrapper>
            {nav.rest({ sortBy: 'title' })}
          </SidebarScrollWrapper>
        </div>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <NotificationsSidebarItem />
      <SidebarDivider />
      <SidebarGroup
        label={t('nav.settings')}
        icon={<UserSettingsSignInAvatar />}
        to="/settings"
      >
        {nav.take('page:app-visualizer')}
        {nav.take('page:user-settings')}
      </SidebarGroup>
    </Sidebar>
  );
};

export const SidebarContent = NavContentBlueprint.make({
  params: { component: PortalSidebar },
});
